// Each page's two catalogues say the same things.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { en as consoleEn } from "../../functions/pages/console/words.en.js";
import { es as consoleEs } from "../../functions/pages/console/words.es.js";
import { en } from "../../functions/pages/member/words.en.js";
import { es } from "../../functions/pages/member/words.es.js";

/** The catalogues by the folder of their page, and what reads the same in both languages. */
const pages = [
  { folder: "member", en, es, alike: ["productName", "chats", "request.programOf"] },
  { folder: "console", en: consoleEn, es: consoleEs, alike: ["productName", "minutes", "hours", "list.draft", "list.paused"] },
];

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
  const text = typeof entry === "function" ? entry(..."ABC".slice(0, entry.length)) : entry;
  return typeof text === "function" ? text(..."ABC".slice(0, text.length)) : text;
}

for (const { folder, en, es, alike } of pages) {
  test(`${folder}: both have the same entries, which take the same`, () => {
    assert.deepEqual(Object.fromEntries(entries(es)), Object.fromEntries(entries(en)));
  });

  test(`${folder}: each entry says something, in its own language, with all its arguments`, () => {
    const same = entries(en).map(([path]) => path).filter((path) => said(en, path) === said(es, path));
    assert.deepEqual(same, alike.filter((path) => same.includes(path)), "not translated");
    for (const words of [en, es]) {
      for (const [path] of entries(words)) {
        const text = said(words, path);
        assert(text.trim() === text && (text.length > 1 || ["keys.then", "case.assignTo"].includes(path)), path);
        const entry = path.split(".").reduce((at, name) => at[name], words);
        if (typeof entry === "function") for (const letter of "ABC".slice(0, entry.length)) assert(text.includes(letter), `${path} leaves out what it is given`);
      }
    }
  });

  test(`${folder}: each entry is used`, () => {
    const folders = ["common", folder].map((name) => new URL(`../../functions/pages/${name}/`, import.meta.url));
    const files = folders.flatMap((at) => readdirSync(at).filter((name) => name.endsWith(".js") && !name.startsWith("words.e")).map((name) => new URL(name, at)));
    const sources = files.map((file) => readFileSync(file, "utf8")).join("\n");
    const byCode = /^(problems|preferences\.(status|fixes|kinds)|thread\.readOnly|panel\.(status|rules))\.|^list\.(noProgram|openRequest)$/; // looked up by what the API says
    const isUsed = (path) => byCode.test(path) || new RegExp(`\\b${path.split(".").at(-1)}\\b`).test(sources);
    assert.deepEqual(entries(en).map(([path]) => path).filter((path) => !isUsed(path)), []);
  });
}

test("one is one, and more are more", () => {
  for (const [words, say, one, more] of /** @type {const} */ ([
    [consoleEn, "list.wrote", "1 message", "2 messages"], [consoleEs, "list.wrote", "1 mensaje", "2 mensajes"],
    [consoleEn, "list.fresh", "1 new", "2 new"], [consoleEs, "list.fresh", "1 nuevo", "2 nuevos"],
    [consoleEn, "head.fresh", "1 new task or message", "2 new tasks or messages"], [consoleEs, "head.fresh", "1 tarea o mensaje nuevo", "2 tareas o mensajes nuevos"],
  ])) {
    const entry = say.split(".").reduce((at, name) => at[name], words);
    assert.deepEqual([entry(1), entry(2)], [one, more]);
  }
  const moves = (words, tasks, waiting) => words.coverage.moves(tasks, waiting).split(/, (?=and may|y podrá)/)[0];
  assert.deepEqual([moves(consoleEn, "1", "1"), moves(consoleEn, "2", "50+")], ["As things stand they see your 1 open task and 1 waiting chat", "As things stand they see your 2 open tasks and 50+ waiting chats"]);
  assert.deepEqual([moves(consoleEs, "1", "1"), moves(consoleEs, "2", "50+")],
    ["Tal como está todo, verá su tarea abierta y una conversación en espera", "Tal como está todo, verá sus 2 tareas abiertas y 50+ conversaciones en espera"]);
  assert.deepEqual([consoleEs.by("1:30 p.m."), consoleEs.by("11:00")], ["antes de la 1:30 p.m.", "antes de las 11:00"]);
});

const times = /** @type {const} */ (["lunes, 9:00 a.m.", "martes, 6:00 p.m."]);

test("a sentence that ends with a time ends with one full stop", () => {
  for (const [words, at] of /** @type {const} */ ([[en, "6:00 PM"], [es, "6:00 p.m."], [es, "18:00"]])) {
    for (const say of [words.request.replyBy, words.problems.later]) assert.match(say(at), /[^.]\.$/);
  }
  const { away, awayOf, covering } = consoleEs.coverage;
  for (const said of [away(...times, "Lin"), awayOf("Sam")(...times, "Lin"), covering("Lin", ...times)]) assert.doesNotMatch(said, /\.\./);
});
