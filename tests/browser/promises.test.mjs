// Whose page it is, when a reply is due, and what has ended.

import assert from "node:assert/strict";
import { test } from "node:test";
import { check, comeIn, confirmation, lookNow, openBrowser, phone, requestChat, sayBirthDate } from "./pages.mjs";
import { freshLink, harbor, url } from "./stack.mjs";

test("the page says whose it is before anybody has said a birth date", async (t) => {
  const member = await harbor.newMember();
  const { newPage } = await openBrowser(t, phone);
  const page = await newPage();
  await page.goto(await freshLink(member));
  await page.getByText("This is the secure page of Harbor Care").waitFor();
  await page.waitForFunction(() => document.title === "Harbor Care");
  assert(!(await page.locator("body").innerText()).includes("Ana"), "it says who");
  await check(page, "whose page it is");
});

test("who is locked out reads whom to call", async (t) => {
  const member = await harbor.newMember();
  for (let link = 1; link <= 4; link++) {
    if (link === 3) member.phone = await harbor.changePhone(member); // a contact gets three links in a quarter of an hour
    await guess(await freshLink(member));
  }
  const { newPage, expect } = await openBrowser(t, phone);
  expect(/^429 POST .v1.sessions$/);
  const page = await newPage();
  await page.goto(await freshLink(member));
  await page.getByText("This is the secure page of Harbor Care").waitFor();
  await sayBirthDate(page, member.birthDate);
  await page.getByText(/^Too many tries\. Please try again after \w+, \w+ \d+/).waitFor();
  await page.getByText("To come in sooner, call your care team at Harbor Care: they can send you a new link.").waitFor();
  await check(page, "locked out");
});

/** Five wrong birth dates end a link, twenty lock its member for a day. @param {string} address */
async function guess(address) {
  const link = address.split("/#/l/")[1], headers = { "Content-Type": "application/json" };
  for (let day = 1; day <= 5; day++) {
    const answer = await fetch(`${url}/v1/sessions`, { method: "POST", headers, body: JSON.stringify({ link, birthDate: `1970-01-0${day}` }) });
    assert.equal(answer.status, 403);
  }
}

test("a promise that is late says so, and what to do", async (t) => {
  const { page } = await comeIn(t, { options: phone });
  await page.route("**/chats", async (route) => {
    const answer = await route.fetch({ headers: { ...route.request().headers(), "if-none-match": "" } });
    const body = await answer.json();
    for (const request of body.requests) Object.assign(request, { late: true });
    await route.fulfill({ response: answer, json: body });
  });
  await requestChat(page, "How I feel", "My feet");
  await confirmation(page).getByText(/^We are late\. You asked on \w+, \w+ \d+.* We are sorry; if you cannot wait, please call your care team\.$/).waitFor();
  assert.equal(await confirmation(page).getByText("You can expect a reply by").count(), 0);
  await check(page, "a late promise");
});

test("a request that ended leaves a line: when, why, and how it ended", async (t) => {
  const member = await harbor.newMember({ programs: { diabetes: "cm-rivera", heart: "cm-chen" } });
  const { page } = await comeIn(t, { member, options: phone });
  await requestChat(page, "How I feel", "My feet", "Living with Diabetes, Sam Rivera");
  await confirmation(page).waitFor();
  await harbor.close(member, await harbor.taskOf(member));
  await lookNow(page);
  await page.getByRole("button", { name: "OK" }).click();
  const lines = page.getByRole("region", { name: "Earlier Requests" }).getByRole("listitem");
  await lines.getByText(/^You asked on \w+ \d+ \(Living with Diabetes: How I feel\)\. Your care manager closed it on \w+ \d+\.$/).waitFor();
  await requestChat(page, "My medication", "My pills", "Heart Health, Lin Chen");
  await page.getByRole("button", { name: "Cancel the Request" }).click();
  await page.getByRole("button", { name: "Yes, cancel it" }).click();
  await lines.getByText(/\(Heart Health: My medication\)\. It was cancelled on \w+ \d+\.$/).waitFor();
  assert.equal(await lines.count(), 2);
  await page.reload();
  await lines.nth(1).waitFor();
  assert(!(await page.locator("body").innerText()).includes("My feet"), "the comment is shown");
  await check(page, "what has ended");
});

test("the form says who will get the request, and begins with the newest chat's program", async (t) => {
  const member = await harbor.newMember({ programs: { diabetes: "cm-rivera", heart: "cm-chen" } });
  await harbor.write(member, "Hello", "heart", "cm-chen");
  await harbor.write(member, "Hello", "diabetes");
  const { page } = await comeIn(t, { member });
  await page.getByRole("button", { name: "Request a Chat" }).click();
  const program = page.getByLabel("Program");
  assert.equal(await program.locator("option:checked").innerText(), "Living with Diabetes, Sam Rivera");
  assert.deepEqual(await program.locator("option").allInnerTexts(), ["Heart Health, Lin Chen", "Living with Diabetes, Sam Rivera"]);
  await program.selectOption({ label: "Heart Health, Lin Chen" });
  const whole = page.locator("p", { hasText: "Heart Health, Lin Chen" });
  assert.equal(await whole.count(), 0);
  await page.setViewportSize({ width: 240, height: 700 }); // where a native list cuts it
  await page.getByLabel("Reason").selectOption({ label: "How I feel" });
  await whole.waitFor();
  await page.getByLabel("Comment").fill("My feet");
  await page.getByText("Lin Chen will see this.").waitFor();
});

test("a program has a name in each language", async (t) => {
  await harbor.platform("PUT", "/programs/walking", {
    name: "Walking", names: { es: "Caminar" }, kind: "guided", departmentId: "nurses",
  });
  for (const [language, shown] of [["es", "Caminar"], ["en", "Walking"]]) {
    const member = await harbor.newMember({ language, programs: { walking: "cm-rivera" } });
    await harbor.write(member, "Hello", "walking");
    const { page } = await comeIn(t, { member });
    await page.getByRole("main").getByText(shown, { exact: true }).waitFor();
  }
});
