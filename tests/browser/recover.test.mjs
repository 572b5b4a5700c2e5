// What goes wrong is said alike everywhere, covers nothing, and passes by itself.

import assert from "node:assert/strict";
import { test } from "node:test";
import { activeChats, askButton, check, comeIn, dialog, dot, lookNow, messages, openBrowser, openThread, phone, sayBirthDate } from "./pages.mjs";
import { freshLink, harbor } from "./stack.mjs";

const inPreferences = (page) => page.getByRole("link", { name: "Preferences", exact: true }).click();

test("a fault of the page's own is said and logged as one, and polling goes on", async (t) => {
  const member = await harbor.newMember();
  await harbor.write(member, "Hello");
  const { page, watched } = await comeIn(t, { member });
  watched.expectComplaint(/a fault of a test's/);
  await activeChats(page).waitFor();
  await page.evaluate(() => {
    const get = Headers.prototype.get;
    Headers.prototype.get = function () {
      Headers.prototype.get = get; // once
      throw new TypeError("a fault of a test's");
    };
  });
  const logged = page.waitForEvent("console", (message) => message.text().includes("a fault of a test's"));
  await lookNow(page);
  await logged;
  await page.getByText("Something went wrong.").waitFor(); // and not: there is no connection
  await harbor.write(member, "Are you there?");
  await dot(page, "Chats, 2 unread messages").waitFor();
  await page.getByText("Something went wrong.").waitFor({ state: "detached" });
});

test("a view that cannot be drawn says so, and can be drawn again", async (t) => {
  const member = await harbor.newMember();
  await harbor.write(member, "Hello");
  const { page, watched } = await comeIn(t, { member });
  watched.expectComplaint(/a fault of a test's/);
  await activeChats(page).waitFor();
  await page.evaluate(() => {
    const format = Object.getOwnPropertyDescriptor(Intl.DateTimeFormat.prototype, "format");
    Object.defineProperty(Intl.DateTimeFormat.prototype, "format", { configurable: true, get() { throw new RangeError("a fault of a test's"); } });
    globalThis.mend = () => Object.defineProperty(Intl.DateTimeFormat.prototype, "format", format);
  });
  await harbor.write(member, "Are you there?");
  await lookNow(page);
  await page.getByText("Something went wrong.").waitFor();
  await page.evaluate(() => globalThis.mend());
  await page.getByRole("button", { name: "Try Again" }).click();
  await activeChats(page).getByText("Are you there?").waitFor();
});

for (const status of [502, 503, 504]) {
  test(`a ${status} of what stands before the API is "busy" everywhere, with a button`, async (t) => {
    const member = await harbor.newMember();
    await harbor.write(member, "Hello");
    const { page, watched } = await comeIn(t, { member });
    watched.expect(new RegExp(`^${status} `));
    const busy = page.getByText("Care Chats is busy.");
    await activeChats(page).waitFor();
    await page.route("**/v1/**", (route) => route.fulfill({ status, json: { message: "Service Unavailable" } })); // API Gateway's own form
    await lookNow(page);
    await busy.waitFor();
    await Promise.all([page.waitForRequest("**/chats"), page.getByRole("button", { name: "Try Again" }).click()]);
    await askButton(page).click();
    await dialog(page, "Request a Chat").getByText("Care Chats is busy.").waitFor();
    await dialog(page, "Request a Chat").getByRole("button", { name: "Try Again" }).waitFor();
    await page.keyboard.press("Escape");
    await openThread(page);
    await busy.waitFor();
    await Promise.all([page.waitForRequest("**/messages"), page.getByRole("button", { name: "Try Again" }).click()]);
    await page.unrouteAll();
    await messages(page).getByText("Hello").waitFor();
    await busy.waitFor({ state: "detached" });
  });
}

test("the log-in says that it is busy, too", async (t) => {
  const member = await harbor.newMember();
  const { newPage, expect } = await openBrowser(t);
  expect(/^503 /);
  const page = await newPage();
  await page.route("**/v1/**", (route) => route.fulfill({ status: 503, json: { message: "Service Unavailable" } }));
  await page.goto(await freshLink(member));
  await sayBirthDate(page, member.birthDate);
  await page.getByText("Care Chats is busy.").waitFor();
  await page.unrouteAll();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("navigation").waitFor();
});

test("what is said of the connection covers no heading and no button for good", async (t) => {
  const member = await harbor.newMember({ programs: { diabetes: "cm-rivera", heart: "cm-chen" } });
  await harbor.write(member, "Hello");
  const { page } = await comeIn(t, { member, options: { ...phone, viewport: { width: 320, height: 568 } } });
  await activeChats(page).waitFor();
  await page.route("**/v1/**", (route) => route.abort());
  await lookNow(page);
  const notice = page.getByText("There is no connection. We keep trying.");
  await notice.waitFor();
  await check(page, "no connection");
  const covered = () => page.evaluate(() => {
    const bar = document.querySelector(".notice").getBoundingClientRect();
    const all = [...document.querySelectorAll("h1, h2, main a, main button")];
    return all.filter((each) => {
      each.scrollIntoView({ block: "center" });
      const { top, bottom } = each.getBoundingClientRect();
      return top < bar.bottom && bottom > document.querySelector(".notice").getBoundingClientRect().top;
    }).map((each) => each.textContent);
  });
  assert.deepEqual(await covered(), []);
});

test("Preferences that could not be read come by themselves", async (t) => {
  const { page } = await comeIn(t);
  await page.route("**/preferences", (route) => route.fulfill({ status: 503, json: { message: "Service Unavailable" } }));
  await inPreferences(page);
  await page.getByText("Care Chats is busy.").waitFor();
  await page.unrouteAll();
  await page.getByRole("checkbox", { name: "Text message" }).waitFor(); // nobody has pressed anything
  assert.equal(await page.getByText("Care Chats is busy.").count(), 0);
});
