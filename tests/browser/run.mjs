// Runs the files that are named, or all, against one machine, and then checks the whole table that they leave behind.

import { readdirSync } from "node:fs";
import { run, startMachine } from "./machine.mjs";

const named = process.argv.slice(2);
const files = named.length ? named : readdirSync(import.meta.dirname).filter((name) => name.endsWith(".test.mjs"));

const machine = await startMachine();
const { url, inbox, issuer, dynamodb, table } = machine;
const started = Date.now();
const tests = await run("node", ["--test", "--test-reporter=spec", "--test-concurrency=3", ...files.map((name) => `tests/browser/${name}`)],
  { MACHINE: JSON.stringify({ url, inbox, issuer }) });
console.log(`the tests took ${Math.round((Date.now() - started) / 1000)} s`);
const invariants = await run("go", ["run", "./tests/support/invariants/check", dynamodb, table]);
await machine.stop();
process.exitCode = Math.max(tests, invariants);
