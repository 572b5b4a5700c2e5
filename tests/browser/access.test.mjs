// By keyboard alone, and by ear.

import assert from "node:assert/strict";
import { test } from "node:test";
import { activeChats, comeIn, confirmation, dialog, dot, lookNow, messageBox, messages, openBrowser, openThread, sendButton } from "./pages.mjs";
import { freshLink, harbor, until } from "./stack.mjs";

/** Presses Tab until an element has the focus, which one must be able to see. */
async function tabTo(page, target) {
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press("Tab");
    if (!await target.evaluate((element) => element === document.activeElement)) continue;
    const marks = await target.evaluate((element) => [getComputedStyle(element).outlineStyle, getComputedStyle(element).boxShadow]);
    assert(marks.some((mark) => mark !== "none"), `nobody sees that ${target} has the focus`);
    return;
  }
  assert.fail(`the keyboard does not reach ${target}`);
}

async function press(page, target, key = "Enter") {
  await tabTo(page, target);
  await page.keyboard.press(key);
}

test("the whole way by keyboard alone", async (t) => {
  const member = await harbor.newMember();
  const { newPage, expect } = await openBrowser(t);
  expect(/^401 GET /); // what was on its way at log-out
  const page = await newPage();
  await page.goto(await freshLink(member));
  await page.getByLabel("Month").waitFor();
  if (!await page.getByLabel("Month").evaluate((field) => field === document.activeElement)) await tabTo(page, page.getByLabel("Month"));
  for (const keys of ["2", "Tab", "3", "Tab", "1", "9", "7", "0", "Enter"]) await page.keyboard.press(keys);

  const ask = page.getByRole("button", { name: "Request a Chat" });
  await ask.waitFor();
  await press(page, ask);
  const form = dialog(page, "Request a Chat");
  await form.waitFor();
  await assertKeepsFocus(page, form);
  await page.keyboard.press("Escape");
  await form.waitFor({ state: "detached" });
  assert(await ask.evaluate((button) => button === document.activeElement), "the focus did not go back to where it was");
  await page.keyboard.press("Enter");
  await tabTo(page, form.getByLabel("Reason"));
  await page.keyboard.type("My med");
  await tabTo(page, form.getByLabel("Comment"));
  await page.keyboard.type("About my tablets");
  await press(page, form.getByRole("button", { name: "Submit Request" }));
  await confirmation(page).getByText("My medication", { exact: true }).waitFor();

  await press(page, page.getByRole("button", { name: "Cancel the Request" }));
  await press(page, dialog(page, "Cancel this request?").getByRole("button", { name: "Yes, cancel it" }));
  await confirmation(page).waitFor({ state: "detached" });

  const { thread } = await harbor.write(member, "Hello");
  await lookNow(page);
  await activeChats(page).waitFor();
  await press(page, activeChats(page));
  await messages(page).getByText("Hello").waitFor();
  await tabTo(page, messageBox(page));
  await page.keyboard.type("One");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("two\n");
  await until(async () => (await harbor.storedTexts(member, thread)).length === 2, "the reply");
  assert.deepEqual(await harbor.storedTexts(member, thread), ["Hello", "One\ntwo"]);
  await page.keyboard.type("Three"); // the focus is still in the box
  await press(page, sendButton(page));
  await messages(page).filter({ hasText: "Three" }).getByRole("time").waitFor();
  await press(page, page.getByRole("link", { name: /^Back to Chats/ }));
  await activeChats(page).waitFor();
  await press(page, page.getByRole("button", { name: "Log Out" }));
  await page.getByText("You are logged out.").waitFor();
});

/** Tab goes round in a dialog, and never behind it. */
async function assertKeepsFocus(page, dialog) {
  for (let presses = 0; presses < 12; presses++) {
    await page.keyboard.press("Tab");
    const isInside = await dialog.evaluate((element) => element.contains(document.activeElement) || document.activeElement === document.body);
    assert(isInside, "the focus left the dialog");
  }
}

test("a screen reader hears what is unread, by whom, and what comes", async (t) => {
  const member = await harbor.newMember();
  await harbor.write(member, "Hello");
  await harbor.write(member, "Are you there?");
  const { page } = await comeIn(t, { member });
  await dot(page, "Chats, 2 unread messages").waitFor();
  assert.equal(await dot(page, "Chats, 2 unread messages").getAttribute("aria-current"), "page");
  const name = await activeChats(page).ariaSnapshot();
  for (const words of ["Sam Rivera", "Living with Diabetes", "Are you there?", "2 unread messages"]) assert(name.includes(words), name);
  assert.equal(await page.getByRole("region", { name: "New Messages" }).getByRole("listitem").count(), 1);

  await openThread(page);
  const log = page.getByRole("log", { name: "Conversation with Sam Rivera" });
  await log.getByText("Are you there?").waitFor();
  assert.equal(await log.getByRole("list", { name: "Messages" }).getByRole("listitem").count(), 2);
  await dot(page, "Chats").waitFor();
  await assertNamed(page);
  await harbor.write(member, "Take your time.");
  await lookNow(page);
  const live = page.locator("[aria-live=polite], [role=status]");
  await until(async () => (await live.allTextContents()).some((text) => text.includes("Take your time.")), "an announcement");
});

test("the tab says which view is open and what is unread, and not with whom one talks", async (t) => {
  const member = await harbor.newMember();
  await harbor.write(member, "Hello");
  const { page } = await comeIn(t, { member });
  const says = (title) => page.waitForFunction((wanted) => document.title === wanted, title);
  await says("Chats (1 unread message)");
  await page.getByRole("link", { name: "Preferences", exact: true }).click();
  await says("Preferences (1 unread message)");
  await page.getByRole("link", { name: "Chats, 1 unread message" }).click();
  await openThread(page);
  await says("Conversation");
});

/** Whatever can be operated has a name, and the page has its landmarks and one first heading. */
async function assertNamed(page) {
  const operable = page.locator("button:visible, a[href]:visible, input:visible, select:visible, textarea:visible");
  for (const each of await operable.all()) assert.match(await each.ariaSnapshot(), /^- '?\w+ "[^"]+"/);
  for (const role of /** @type {const} */ (["main", "navigation"])) assert.equal(await page.getByRole(role).count(), 1, role);
  assert.equal(await page.getByRole("heading", { level: 1 }).count(), 1);
}
