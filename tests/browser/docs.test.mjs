// The contract as a page, which make api-docs makes and the machine shows at /docs.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openBrowser, desk } from "./pages.mjs";
import { url } from "./stack.mjs";

test("the contract's page shows every operation and loads nothing else", async (t) => {
  const { context } = await openBrowser(t, desk);
  const page = await context.newPage();
  const asked = [], faults = [];
  page.on("request", (request) => request.url().startsWith("http") && asked.push(request.url()));
  page.on("pageerror", (fault) => faults.push(fault.message));
  await page.goto(`${url}/docs`);
  await page.getByRole("heading", { name: "Ask for a log-in link" }).waitFor();
  await page.getByRole("heading", { name: "Whether the service answers" }).waitFor();
  assert.deepEqual([asked, faults], [[`${url}/docs`], []]);
});
