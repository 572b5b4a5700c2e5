// The local machine's own pages: the inbox, and the identity provider's log-in page.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { checkAxe, openBrowser } from "./pages.mjs";
import { freshLink, harbor, inbox, issuer } from "./stack.mjs";

test("the inbox shows the newest first, by the reader's clock, and what is typed stays", async (t) => {
  const [first, second] = [await harbor.newMember(), await harbor.newMember()];
  await freshLink(first);
  await freshLink(second);
  const page = await (await openBrowser(t, { locale: "en-GB", timezoneId: "Asia/Tokyo" })).newPage();
  await page.goto(inbox);
  const of = ({ phone }) => page.locator("section").filter({ hasText: phone });
  const top = async (member) => (await of(member).boundingBox())?.y ?? 0;
  assert(await top(second) < await top(first), "the newest is not first");
  const shown = of(second).getByRole("time");
  const at = new Date(await shown.getAttribute("datetime") ?? "");
  assert.equal(await shown.textContent(), at.toLocaleTimeString("en-GB", { timeZone: "Asia/Tokyo" }));

  const answer = of(first).getByLabel("Text back");
  await answer.pressSequentially("Thank");
  await freshLink(first); // which makes it the newest
  await of(first).getByRole("listitem").nth(1).waitFor();
  await answer.pressSequentially(" you");
  assert.equal(await answer.inputValue(), "Thank you");
  assert(await top(first) < await top(second), "the newest is not first any more");
  await checkAxe(page, "the inbox");
});

test("Clear empties the inbox", async (t) => {
  const page = await (await openBrowser(t)).newPage();
  await page.route("**/messages", (route) => route.fulfill({ status: 204 })); // other tests read the same inbox
  await page.goto(inbox);
  const asked = page.waitForRequest("**/messages");
  await page.getByRole("button", { name: "Clear" }).click();
  assert.equal((await asked).method(), "DELETE");
});

test("the log-in page groups people by organization, copies a token, and gives a line for a shell", async (t) => {
  const { newPage, context } = await openBrowser(t);
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: issuer });
  const page = await newPage();
  await page.goto(issuer);
  const organizations = await page.getByRole("heading", { level: 2 }).allTextContents();
  assert.deepEqual(organizations, ["harbor", "summit"]);
  const rivera = page.getByRole("article").filter({ hasText: "Sam Rivera" });
  await rivera.getByRole("button", { name: "Copy token" }).click();
  await rivera.getByText("Copied").waitFor();
  const token = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString()).sub, "cm-rivera");
  const answer = JSON.parse(execFileSync("sh", ["-c", `${await rivera.locator("pre").textContent()}`], { stdio: ["ignore", "pipe", "ignore"] }).toString());
  assert.equal(answer.displayName, "Sam Rivera");
  await checkAxe(page, "the log-in page");
});
