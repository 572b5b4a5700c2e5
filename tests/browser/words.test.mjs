// The page's two catalogues say the same things.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { en } from "../../functions/pages/member/words.en.js";
import { es } from "../../functions/pages/member/words.es.js";

/** Every entry by its path: what it is, and for one that takes arguments how many. */
function entries(words, path = "") {
  return Object.entries(words).flatMap(([name, value]) => {
    if (typeof value === "object") return entries(value, `${path}${name}.`);
    return [[path + name, typeof value === "function" ? `takes ${value.length}` : typeof value]];
  });
}

/** What an entry says, with letters for its arguments. */
function said(words, path) {
  const entry = path.split(".").reduce((at, name) => at[name], words);
  return typeof entry === "function" ? entry(..."ABC".slice(0, entry.length)) : entry;
}

test("both have the same entries, which take the same", () => {
  assert.deepEqual(Object.fromEntries(entries(es)), Object.fromEntries(entries(en)));
});

test("each entry says something, in its own language, with all its arguments", () => {
  const alike = entries(en).map(([path]) => path).filter((path) => said(en, path) === said(es, path));
  assert.deepEqual(alike, ["productName", "chats", "request.programOf"].filter((path) => alike.includes(path)), "not translated");
  for (const words of [en, es]) {
    for (const [path] of entries(words)) {
      const text = said(words, path);
      assert(text.trim() === text && text.length > 1, path);
      const entry = path.split(".").reduce((at, name) => at[name], words);
      if (typeof entry === "function") for (const letter of "ABC".slice(0, entry.length)) assert(text.includes(letter), `${path} leaves out what it is given`);
    }
  }
});

test("a sentence that ends with a time ends with one full stop", () => {
  for (const [words, at] of /** @type {const} */ ([[en, "6:00 PM"], [es, "6:00 p.m."], [es, "18:00"]])) {
    for (const say of [words.request.replyBy, words.problems.later]) assert.match(say(at), /[^.]\.$/);
  }
});

test("each entry is used", () => {
  const folders = ["common", "member"].map((name) => new URL(`../../functions/pages/${name}/`, import.meta.url));
  const files = folders.flatMap((folder) => readdirSync(folder).filter((name) => name.endsWith(".js") && !name.startsWith("words.e")).map((name) => new URL(name, folder)));
  const sources = files.map((file) => readFileSync(file, "utf8")).join("\n");
  const byCode = /^(problems|preferences\.(status|fixes|kinds)|thread\.readOnly)\.|^list\.(noProgram|openRequest)$/; // looked up by what the API says
  const isUsed = (path) => byCode.test(path) || new RegExp(`\\b${path.split(".").at(-1)}\\b`).test(sources);
  assert.deepEqual(entries(en).map(([path]) => path).filter((path) => !isUsed(path)), []);
});
