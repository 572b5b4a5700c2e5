// A message is never lost and never doubled: without a connection, over a reload, in two tabs.

import assert from "node:assert/strict";
import { test } from "node:test";
import { check, dot, goBack, inThread, logIn, lookNow, messageBox, messages, openThread, sendButton, shownAsSent } from "./pages.mjs";
import { harbor, until } from "./stack.mjs";

const notSent = (page) => page.getByText("Not sent yet.");

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

test("a message that a blip held up goes out by itself, before what was written after it", async (t) => {
  const { page, stored } = await inThread(t);
  let isDown = true; // and no event says so
  await page.route("**/messages", (route) => isDown && route.request().method() === "POST" ? route.abort() : route.continue());
  await messageBox(page).fill("First");
  await messageBox(page).press("Enter");
  await notSent(page).waitFor();
  isDown = false;
  await messageBox(page).fill("Second");
  await messageBox(page).press("Enter");
  for (const text of ["First", "Second"]) await shownAsSent(page, text);
  assert.deepEqual(await stored(), ["Hello", "First", "Second"]);

  isDown = true;
  await messageBox(page).fill("Third");
  await messageBox(page).press("Enter");
  await notSent(page).waitFor();
  isDown = false;
  await lookNow(page); // as it does every few seconds
  await shownAsSent(page, "Third");
});

test("a message that was refused says why, holds up nothing, and can be edited or deleted", async (t) => {
  const { page, stored, watched } = await inThread(t);
  watched.expect(/^422 POST .*messages$/);
  const refusal = { status: 422, contentType: "application/problem+json", body: JSON.stringify({ status: 422, code: "validation-failed" }) };
  await page.route("**/messages", (route) => /bad/.test(route.request().postData() ?? "") ? route.fulfill(refusal) : route.continue());
  for (const text of ["A bad one", "Another bad one", "A good one"]) {
    await messageBox(page).fill(text);
    await messageBox(page).press("Enter");
  }
  await shownAsSent(page, "A good one");
  const refused = messages(page).filter({ hasText: "A bad one" });
  await refused.getByText("Not sent. Something is missing or too long.").waitFor();
  await check(page, "a refused message");
  await page.reload(); // and is not tried again by itself
  await refused.getByText("Not sent.").waitFor();
  await messages(page).filter({ hasText: "Another bad one" }).getByRole("button", { name: "Delete" }).click();
  await refused.getByRole("button", { name: "Edit" }).click();
  assert.equal(await messageBox(page).inputValue(), "A bad one");
  assert(await messageBox(page).evaluate((box) => box === document.activeElement));
  assert.equal(await page.getByText("Not sent.").count(), 0);
  await messageBox(page).fill("A better one");
  await messageBox(page).press("Enter");
  await shownAsSent(page, "A better one");
  assert.deepEqual(await stored(), ["Hello", "A good one", "A better one"]);
});

test("a message to a program that has ended says so", async (t) => {
  const { page, member, watched } = await inThread(t);
  watched.expect(/^409 POST .*messages$/);
  await page.route("**/messages", (route) => route.request().method() === "GET" ? route.abort() : route.continue()); // nobody has told the page
  await harbor.platform("PUT", `/members/${member.id}/enrollments/diabetes`, { state: "closed", careManagerId: "cm-rivera" });
  await messageBox(page).fill("Are you there?");
  await messageBox(page).press("Enter");
  await messages(page).getByText("Not sent. The program has ended.").waitFor();
  await page.getByRole("button", { name: "Delete" }).click();
  assert.equal(await messages(page).filter({ hasText: "Are you there?" }).count(), 0);
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
