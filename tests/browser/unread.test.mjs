// What is unread comes first, and stays unread until somebody has seen it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { activeChats, check, checkWidth, comeIn, confirmation, dot, goBack, lookNow, messages, openThread, phone, requestChat } from "./pages.mjs";
import { harbor, until } from "./stack.mjs";

const both = { programs: { diabetes: "cm-rivera", heart: "cm-chen" } };

test("with a request open the unread chat comes first, then the request, then the rest", async (t) => {
  const member = await harbor.newMember(both);
  await harbor.write(member, "Hello", "heart", "cm-chen");
  const { page } = await comeIn(t, { member, options: phone });
  await openThread(page, "Lin Chen");
  await messages(page).getByText("Hello").waitFor();
  await goBack(page);
  await requestChat(page, "How I feel", "My feet tingle in the evening.", "Living with Diabetes, Sam Rivera");
  await confirmation(page).getByText("My feet tingle in the evening.").waitFor();
  await harbor.write(member, "Since when?");
  await lookNow(page);
  const unread = activeChats(page).filter({ hasText: "Since when?" });
  await unread.waitFor();
  const top = async (each) => (await each.boundingBox()).y;
  const order = [unread, confirmation(page), page.getByRole("button", { name: "Request a Chat" }), activeChats(page).filter({ hasText: "Lin Chen" })];
  const tops = await Promise.all(order.map(top));
  assert.deepEqual(tops, [...tops].sort((a, b) => a - b));

  const { height } = await confirmation(page).boundingBox();
  assert(height < 110, `since somebody wrote it may take two lines, not ${height} pixels`);
  await check(page, "unread first");
  await confirmation(page).getByText("How I feel").first().click();
  for (const name of ["Change the Reason", "Cancel the Request"]) await page.getByRole("button", { name }).waitFor();
  await confirmation(page).getByText("My feet tingle in the evening.").waitFor();
  await check(page, "the request, unfolded");
  await confirmation(page).getByText("How I feel").first().click();

  await page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
  await checkWidth(page, "unread first in large letters");
  const box = await unread.boundingBox();
  assert(box.y + box.height < 844, `in large letters the unread chat ends at ${box.y + box.height} of 844`);
});

const count = 60;
const number = (page, i) => messages(page).filter({ hasText: new RegExp(`number ${i}\\b`) });
const unreadOf = async (member) => (await harbor.member(member, "GET", "/members/me/unread")).messages;

test("after 60 unread messages one begins where reading stopped, and what was never shown is not read", async (t) => {
  const member = await harbor.newMember();
  const { thread } = await harbor.write(member, "This is number 0");
  await harbor.member(member, "PUT", `/members/me/threads/${thread.id}/read`, { seq: 1 });
  for (let i = 1; i <= count; i++) await harbor.write(member, `This is number ${i}`);
  const { page } = await comeIn(t, { member, options: phone });
  await dot(page, `Chats, ${count} unread messages`).waitFor();
  await openThread(page);
  await number(page, 1).getByText("New messages").waitFor();
  assert(await isInView(number(page, 1)), "one does not begin where reading stopped");
  assert(!await isInView(number(page, count)));
  await until(async () => await unreadOf(member) < count, "what is in sight to be read");
  assert(await unreadOf(member) > count / 2, "what was never shown is read");

  await page.evaluate(async () => { // as a thumb does it
    while (innerHeight + scrollY < document.documentElement.scrollHeight - 1) {
      scrollBy(0, 150);
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    }
  });
  await until(async () => await unreadOf(member) === 0, "all to be read");
  await number(page, 1).getByText("New messages").waitFor();
  await dot(page, "Chats").waitFor();
});

test("who goes straight to the end has not read what lies between", async (t) => {
  const member = await harbor.newMember();
  for (let i = 1; i <= count; i++) await harbor.write(member, `This is number ${i}`);
  const { page } = await comeIn(t, { member, options: phone });
  await openThread(page);
  await number(page, 1).waitFor();
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  await until(() => isInView(number(page, count)), "the end");
  await lookNow(page);
  await goBack(page);
  await activeChats(page).getByText(/^\d+ unread messages/).waitFor();
  assert(await unreadOf(member) > count / 2);
});

const isInView = (item) => item.evaluate((element) => {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
});
