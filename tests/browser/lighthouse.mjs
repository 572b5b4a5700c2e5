// Has Lighthouse look at what somebody sees before the log-in, as on a phone with a slow connection, and prints its scores. It is heavy, so
// `make lighthouse` fetches it by itself and `make test` does not run it.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run, startMachine } from "./machine.mjs";

const least = { performance: 0.95, accessibility: 1, "best-practices": 1 };
const machine = await startMachine();
process.env.MACHINE = JSON.stringify(machine);
const { freshLink, harbor } = await import("./stack.mjs");

/** Scores of 0 to 1 by category. */
async function scores(address, ...options) {
  const folder = mkdtempSync(join(tmpdir(), "lighthouse-"));
  const report = join(folder, "report.json");
  try {
    const code = await run("npx", ["--yes", "lighthouse@13.5.0", address, "--quiet", "--chrome-flags=--headless=new --no-sandbox", "--output=json",
      `--output-path=${report}`, ...options], { CHROME_PATH: process.env.CHROMIUM });
    if (code !== 0) throw new Error(`lighthouse ended with ${code}`);
    const { categories } = JSON.parse(readFileSync(report, "utf8"));
    return Object.fromEntries(Object.keys(least).map((name) => [name, categories[name].score]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const all = {
  "asking for a link": await scores(machine.url),
  // Whose link it is comes with a 403, which the browser writes to its console by itself: that one audit is left out.
  "following a link": await scores(await freshLink(await harbor.newMember()), "--skip-audits=errors-in-console"),
};
await machine.stop();
for (const [view, scored] of Object.entries(all)) {
  console.log(`${view}: ${Object.entries(scored).map(([name, score]) => `${name} ${Math.round(score * 100)}`).join(", ")}`);
  for (const [name, score] of Object.entries(scored)) if (score < least[name]) process.exitCode = 1;
}
