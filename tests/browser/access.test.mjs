// By keyboard alone, and by ear.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  activeChats, comeIn, confirmation, dialog, dot, goBack, inThread, lookNow, messageBox, messages, openBrowser, openThread, requestChat, sendButton,
} from "./pages.mjs";
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

/** Everything that a screen reader is told from now on: what appears in a live region. @returns {Promise<() => Promise<string[]>>} */
async function listen(page) {
  await page.evaluate(() => {
    const live = "[aria-live=polite], [role=status], [role=alert]", heard = (globalThis.heard = []);
    new MutationObserver((changes) => {
      for (const { addedNodes, target } of changes) {
        const at = target instanceof Element ? target : target.parentElement;
        const said = addedNodes.length ? [...addedNodes].map((node) => node.textContent) : [target.textContent];
        if (at?.closest(live)) heard.push(...said.filter(Boolean));
      }
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
  });
  return () => page.evaluate(() => globalThis.heard);
}

const hears = (heard, text, times = 1) => until(async () => (await heard()).filter((each) => each.includes(text)).length >= times, `"${text}" to be heard ${times} times`);

test("a screen reader hears that a message was sent or refused, and the second of two equal ones", async (t) => {
  const { page, member, watched } = await inThread(t);
  watched.expect(/^422 POST /);
  const heard = await listen(page);
  for (let times = 1; times <= 2; times++) {
    await messageBox(page).fill("Thank you");
    await messageBox(page).press("Enter");
    await hears(heard, "Sent", times);
  }
  for (let times = 1; times <= 2; times++) {
    await harbor.write(member, "You are welcome");
    await lookNow(page);
    await hears(heard, "Sam Rivera: You are welcome", times);
  }
  const refusal = { status: 422, contentType: "application/problem+json", body: JSON.stringify({ status: 422, code: "validation-failed" }) };
  await page.route("**/messages", (route) => route.request().method() === "POST" ? route.fulfill(refusal) : route.continue());
  await messageBox(page).fill("A bad one");
  await messageBox(page).press("Enter");
  await hears(heard, "Not sent. Something is missing or too long.");
});

const focused = (page) => page.evaluate(() => document.activeElement?.tagName.toLowerCase());

test("the focus never falls to the body", async (t) => {
  const { page, member } = await inThread(t);
  let isDown = true;
  await page.route("**/messages", (route) => isDown && route.request().method() === "POST" ? route.abort() : route.continue());
  await messageBox(page).fill("Thank you");
  await messageBox(page).press("Enter");
  const again = page.getByRole("button", { name: "Try now" });
  await again.focus();
  isDown = false;
  await page.keyboard.press("Enter");
  await again.waitFor({ state: "detached" });
  await until(async () => await focused(page) === "h1", "the focus to go to the heading");

  for (let i = 1; i <= 30; i++) await harbor.write(member, `A long story, part ${i}`);
  await lookNow(page);
  await messages(page).getByText("part 30").waitFor();
  await page.evaluate(() => scrollTo(0, 0));
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
  await harbor.write(member, "The end");
  await lookNow(page);
  await page.getByRole("button", { name: "See the new message" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "See the new message" }).waitFor({ state: "detached" });
  assert.match(await page.evaluate(() => document.activeElement?.textContent ?? ""), /The end/);

  await goBack(page);
  await requestChat(page, "How I feel", "My feet");
  await confirmation(page).waitFor();
  await harbor.close(member, await harbor.taskOf(member));
  await lookNow(page);
  await page.getByRole("button", { name: "OK" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "OK" }).waitFor({ state: "detached" });
  await until(async () => await focused(page) === "h1", "the focus to go to the heading");
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
