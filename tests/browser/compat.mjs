// What the oldest browsers that the pages run in do not have yet, by MDN's own tables.

import { createRequire } from "node:module";

const tables = createRequire(import.meta.url)("@mdn/browser-compat-data");

/** The oldest browsers, as the build knows them: of iOS 15 and of phones that have not been updated since March 2022. */
export const oldest = { chrome: "99", safari: "15.4", safari_ios: "15.4" };

/** @param {string} one @param {string} other */
function isLater(one, other) {
  const [a, b] = [one, other].map((version) => version.replace("≤", "").split(".").map(Number));
  return a[0] !== b[0] ? a[0] > b[0] : (a[1] ?? 0) > (b[1] ?? 0);
}

/** What a browser says of a feature, without what is behind a flag or a prefix. */
function statements(compat, browser) {
  const all = [compat.support[browser] ?? []].flat();
  return all.filter((each) => each.version_added && each.version_added !== "preview" && !each.flags && !each.prefix && !each.alternative_name);
}

/** Whether one of the oldest lacks what its newest version has. What Safari never had would be missed there today. */
function isNewer(compat) {
  const has = (browser) => statements(compat, browser).some(({ version_removed }) => !version_removed);
  const had = ([browser, version]) => statements(compat, browser).some(({ version_added, version_removed }) =>
    !isLater(version_added, version) && (!version_removed || version_removed === "preview" || isLater(version_removed, version)));
  return Object.keys(oldest).every(has) && !Object.entries(oldest).every(had);
}

/** Every member of every interface and of every builtin: which object has it, its name, and how. */
function* members() {
  for (const [owner, table] of Object.entries({ ...tables.api, ...tables.javascript.builtins })) {
    if (table.__compat) yield { owner: "", name: owner, kind: "global", compat: table.__compat };
    for (const [name, entry] of Object.entries(table)) {
      if (!/^\w+$/.test(name) || name.startsWith("__") || !entry.__compat) continue;
      const plain = name.replace(/_(static|event)$/, "");
      if (name.endsWith("_event")) continue;
      yield { owner, name: plain, kind: name.endsWith("_static") || isStatic(owner, plain) ? "static" : "member", compat: entry.__compat };
    }
  }
}

/** The tables of builtins do not tell statics apart, but Node knows them. */
const isStatic = (owner, name) => owner in tables.javascript.builtins && Object.hasOwn(Object(globalThis[owner]), name) && !Object.hasOwn(Object(globalThis[owner]?.prototype), name);

const all = [...members()].map((member) => ({ ...member, isNewer: isNewer(member.compat) }));

/** Newer globals, statics and members, to be taken away from a browser that has them. */
export const newer = all.filter(({ isNewer }) => isNewer).map(({ owner, name, kind }) => ({ owner, name, kind }));

/**
 * Newer functions that a source uses. A member's name counts if every object that has one of that name got it later.
 * @param {string} source
 */
export function newerIn(source) {
  const old = new Set(all.filter(({ kind, isNewer }) => kind === "member" && !isNewer).map(({ name }) => name));
  const uses = (pattern) => new RegExp(pattern).test(source);
  const found = newer.filter(({ owner, name, kind }) => {
    if (kind === "global") return uses(`(?<![\\w.$"'\`-])(?:new )?${name}\\(`) || uses(`globalThis\\.${name}\\b`);
    if (kind === "static") return uses(`(?<![\\w$])${owner}\\.${name}\\b`);
    return !old.has(name) && uses(`\\.${name}\\b`);
  });
  return [...new Set(found.map(({ owner, name, kind }) => kind === "static" ? `${owner}.${name}` : name))];
}

/** Newer properties and at-rules that a style sheet uses. @param {string} css */
export function newerStyles(css) {
  const uses = (pattern) => new RegExp(pattern).test(css);
  const of = (table) => Object.entries(table).filter(([, entry]) => entry.__compat && isNewer(entry.__compat)).map(([name]) => name);
  return [
    ...of(tables.css.properties).filter((name) => uses(`[{;\\s]${name}\\s*:`)),
    ...of(tables.css["at-rules"]).map((name) => `@${name}`).filter((name) => uses(`${name}\\b`)),
    ...of(tables.css.selectors).map((name) => `:${name}`).filter((name) => uses(`${name}\\b`)),
  ];
}

/** Takes them away; runs in the page, before anything else does. */
export function takeAway(newer) {
  for (const { owner, name, kind } of newer) {
    const from = kind === "global" ? globalThis : kind === "static" ? globalThis[owner] : globalThis[owner]?.prototype;
    try { if (from) delete from[name]; } catch { /* what cannot be taken away stays */ }
  }
}
