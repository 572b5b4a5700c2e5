// A message is never lost and never doubled: without a connection, over a reload, in two tabs.

import assert from "node:assert/strict";
import { test } from "node:test";
import { check, comeIn, goBack, dot, logIn, lookNow, messageBox, messages, openThread, sendButton } from "./pages.mjs";
import { harbor, until } from "./stack.mjs";

/** A member in a thread that a care manager has begun. */
async function inThread(t, options) {
  const member = await harbor.newMember();
  const { thread } = await harbor.write(member, "Hello");
  const visit = await comeIn(t, { member, options });
  await openThread(visit.page);
  await messages(visit.page).getByText("Hello").waitFor();
  return { ...visit, thread, stored: () => harbor.storedTexts(member, thread) };
}

const notSent = (page) => page.getByText("Not sent yet.");

/** A message is shown once, as sent. */
async function shownAsSent(page, text) {
  const shown = messages(page).filter({ hasText: text });
  await shown.getByRole("time").waitFor();
  assert.deepEqual([await shown.count(), await shown.getByRole("button").count()], [1, 0]);
}

test("a message whose answer is lost is tried again and stored once", async (t) => {
  const { page, stored } = await inThread(t);
  let isLost = true;
  await page.route(/\/messages/, async (route) => {
    if (route.request().method() === "GET") return route.abort(); // else the page would find its message by itself
    if (!isLost) return route.continue();
    await route.fetch();
    await route.abort();
  });
  await messageBox(page).fill("Just once");
  await sendButton(page).click();
  await notSent(page).waitFor();
  await check(page, "not sent");
  assert.deepEqual(await stored(), ["Hello", "Just once"]);
  isLost = false; // and nothing else need be done
  await shownAsSent(page, "Just once");
  assert.deepEqual(await stored(), ["Hello", "Just once"]);
});

test("offline one can write, and online it goes out, in its order", async (t) => {
  const { page, stored, watched } = await inThread(t);
  await watched.context.setOffline(true);
  for (const text of ["First", "Second"]) {
    await messageBox(page).fill(text);
    await messageBox(page).press("Enter");
  }
  await notSent(page).first().waitFor();
  await watched.context.setOffline(false);
  for (const text of ["First", "Second"]) await shownAsSent(page, text);
  assert.deepEqual(await stored(), ["Hello", "First", "Second"]);
});

test("a reload in the middle of sending loses nothing and doubles nothing", async (t) => {
  const { page, stored } = await inThread(t);
  for (const [i, meanwhile] of [(route) => route.fetch(), async () => {}].entries()) { // it came through, or it did not
    const asked = page.waitForRequest((request) => request.method() === "POST");
    let held;
    await page.route("**/messages", async (route) => {
      if (route.request().method() !== "POST") return route.continue();
      await meanwhile(route);
      await new Promise((release) => (held = release)); // never answered
    });
    await messageBox(page).fill(`Half way ${i}`);
    await sendButton(page).click();
    await asked;
    if (i === 0) await until(async () => (await stored()).length === 2, "what the page does not know of");
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await page.reload();
    held?.();
    await shownAsSent(page, `Half way ${i}`);
  }
  assert.deepEqual(await stored(), ["Hello", "Half way 0", "Half way 1"]);
});

test("what is being written stands there after a reload", async (t) => {
  const { page } = await inThread(t);
  await messageBox(page).fill("Half a thou");
  await page.reload();
  await messages(page).getByText("Hello").waitFor();
  assert.equal(await messageBox(page).inputValue(), "Half a thou");
});

test("two tabs show the same, and a copied tab sends nothing twice", async (t) => {
  const { page, watched, link, member, stored } = await inThread(t);
  const other = await watched.newPage();
  await logIn(other, link, member);
  await openThread(other);
  await messageBox(page).fill("From the first tab");
  await sendButton(page).click();
  await messageBox(other).fill("From the second tab");
  await sendButton(other).click();
  await Promise.all([page, other].map(lookNow));
  for (const each of [page, other]) for (const text of ["From the first tab", "From the second tab"]) await shownAsSent(each, text);

  await page.route("**/messages", (route) => route.request().method() === "POST" ? route.abort() : route.continue());
  await messageBox(page).fill("In both");
  await sendButton(page).click();
  await notSent(page).waitFor();
  const [copy] = await Promise.all([watched.context.waitForEvent("page"), page.evaluate(() => void open(location.href))]); // as a browser copies a tab
  await page.unrouteAll();
  await page.evaluate(() => dispatchEvent(new Event("online")));
  for (const each of [page, copy]) await shownAsSent(each, "In both");
  assert.equal((await stored()).filter((text) => text === "In both").length, 1);
});

test("what is read in one tab is read in the other", async (t) => {
  const { page, watched, link, member } = await inThread(t);
  const other = await watched.newPage();
  await logIn(other, link, member);
  await goBack(page);
  await harbor.write(member, "News");
  await Promise.all([page, other].map(lookNow));
  for (const each of [page, other]) await dot(each, "Chats, 1 unread message").waitFor();
  await openThread(other);
  await dot(other, "Chats").waitFor();
  await lookNow(page);
  await dot(page, "Chats").waitFor();
});
