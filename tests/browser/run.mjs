// Runs the files that are named, or all, against one machine, and then checks the whole table that they leave behind.

import { readdirSync } from "node:fs";
import { run as runFiles } from "node:test";
import { spec } from "node:test/reporters";
import { run, startMachine } from "./machine.mjs";

/** The inbox is fast to look at while little is in it; then what takes longest, so that no core waits for it in the end. */
const first = ["local", "views", "long", "morning", "console", "much", "colleagues", "session"].map((name) => `${name}.test.mjs`);

const named = process.argv.slice(2);
const all = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".test.mjs"));
const files = named.length ? named : [...first, ...all.filter((name) => !first.includes(name))];

const machine = await startMachine();
const { url, inbox, issuer, dynamodb, table } = machine;
process.env.MACHINE = JSON.stringify({ url, inbox, issuer, dynamodb, table });
const started = Date.now();
const failed = await test(files.map((name) => `${import.meta.dirname}/${name}`));
console.log(`the tests took ${Math.round((Date.now() - started) / 1000)} s`);
const invariants = await run("go", ["run", "./tests/support/tables/check", dynamodb, table]);
await machine.stop();
process.exitCode = Math.max(failed, invariants);

/** Runs files of tests, each in a process of its own, begun in this order. @param {string[]} paths @returns {Promise<number>} 1 if one failed or there was none */
async function test(paths) {
  let passed = 0, failed = 0;
  const tests = runFiles({ files: paths, concurrency: 3 });
  tests.on("test:pass", () => passed++).on("test:fail", () => failed++);
  for await (const text of tests.compose(new spec())) process.stdout.write(text);
  return failed > 0 || passed === 0 ? 1 : 0;
}
