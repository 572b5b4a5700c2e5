// The whole product on ports of its own: one machine for all the files of tests.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Starts the local machine and waits until it says that it is ready: seeded, and where everything is. */
export async function startMachine() {
  const env = { ...process.env, PORT: "0", INBOX_PORT: "0", ISSUER_PORT: "0", DYNAMODB_PORT: "0", SETTINGS_SECONDS: "0" };
  const child = spawn("bin/local", { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(child, "exit");
  process.once("exit", () => child.kill());
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  let log = "";
  child.stderr.on("data", (chunk) => (log = (log + chunk).slice(-10_000)));
  const summary = await ready(child.stdout, ended, () => log);
  const find = (pattern) => new RegExp(pattern).exec(summary)?.[1] ?? "";
  const address = (name) => find(`${name} +(http://\\S+)`);
  return {
    url: address("the member's page"), inbox: address("the inbox"), issuer: address("log-ins"),
    dynamodb: address("DynamoDB"), table: find("the table is (\\S+)"), stop,
  };
}

/** What the machine prints until it is ready. */
async function ready(stdout, ended, log) {
  let summary = "";
  const died = ended.then(([code]) => { throw new Error(`the local machine ended with ${code}\n${log()}`); });
  const said = new Promise((resolve) => stdout.on("data", (chunk) => (summary += chunk).includes("Ctrl-C") && resolve(summary)));
  await Promise.race([died, said]);
  died.catch(() => {}); // it ends when it is stopped
  return summary;
}

/** Runs a command of this repository to its end. @returns {Promise<number>} its exit code */
export async function run(command, args, env = {}) {
  const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio: "inherit" });
  const [code] = await once(child, "exit");
  return code ?? 1;
}
