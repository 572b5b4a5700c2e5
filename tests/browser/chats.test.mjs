// What the list and a conversation say, and that they stay true by themselves.

import assert from "node:assert/strict";
import { test } from "node:test";
import { activeChats, check, comeIn, dot, lookNow, messageBox, messages, openThread, phone, sendButton } from "./pages.mjs";
import { harbor, until } from "./stack.mjs";

test("messages arrive by themselves, in the list and in the chat", async (t) => {
  const member = await harbor.newMember();
  await harbor.write(member, "Hello");
  const { page } = await comeIn(t, { member });
  await page.clock.install();
  await dot(page, "Chats, 1 unread message").waitFor();
  await harbor.write(member, "Are you there?");
  await page.clock.runFor(31_000); // the longest that the server lets it wait
  await dot(page, "Chats, 2 unread messages").waitFor();
  await openThread(page);
  await messages(page).getByText("Are you there?").waitFor();
  await harbor.write(member, "It is Sam.");
  await page.clock.runFor(31_000);
  await messages(page).getByText("It is Sam.").waitFor();
  await dot(page, "Chats").waitFor();
});

test("a chat shows who wrote what, on which day, and where the unread begins", async (t) => {
  const member = await harbor.newMember();
  const { thread } = await harbor.write(member, "An old one");
  await harbor.member(member, "POST", `/members/me/threads/${thread.id}/messages`, { clientMessageId: crypto.randomUUID(), text: "My answer" });
  await harbor.member(member, "PUT", `/members/me/threads/${thread.id}/read`, { seq: 2 });
  await harbor.write(member, "A new one");
  const { page } = await comeIn(t, { member, options: phone });
  await openThread(page);
  const [first, mine, fresh] = ["An old one", "My answer", "A new one"].map((text) => messages(page).filter({ hasText: text }));
  await first.getByText("Today").waitFor();
  await first.getByText("Sam Rivera").waitFor();
  await mine.getByText("You", { exact: true }).waitFor();
  await fresh.getByText("New messages").waitFor();
  assert.equal(await page.getByText("New messages").count(), 1);
  assert.match(await fresh.getByRole("time").innerText(), /^\d+:\d\d/);
  await page.getByText("call 911").waitFor(); // at hand in a chat too
  await check(page, "a chat");
});

test("a message that is too long says so, and is not sent", async (t) => {
  const member = await harbor.newMember();
  await harbor.write(member, "Hello");
  const { page } = await comeIn(t, { member });
  await openThread(page);
  assert(await sendButton(page).isDisabled());
  await messageBox(page).fill("w".repeat(4001));
  await page.getByText("4001 of 4000 characters").waitFor();
  assert(await sendButton(page).isDisabled());
  await messageBox(page).press("Enter");
  assert.equal((await messageBox(page).inputValue()).length, 4001);
  await check(page, "too long a message");
});

test("who covers, and until when, stands in the list and in the chat", async (t) => {
  const member = await harbor.newMember();
  await harbor.write(member, "Hello");
  const cover = { displayName: "Ngozi Okafor", until: "2026-12-04T17:00:00.000Z" };
  const { page } = await comeIn(t, { member });
  for (const path of ["chats", "messages"]) {
    await page.route(`**/${path}`, async (route) => {
      const answer = await route.fetch({ headers: { ...route.request().headers(), "if-none-match": "" } });
      const body = await answer.json();
      for (const { careManager } of [...(body.threads ?? []), body.thread].filter(Boolean)) Object.assign(careManager, { cover });
      await route.fulfill({ response: answer, json: body });
    });
  }
  await lookNow(page);
  const words = /Ngozi Okafor covers until Friday, December 4.* 12:00/;
  await activeChats(page).getByText(words).waitFor();
  await openThread(page);
  await page.getByText(words).waitFor();
  await check(page, "a chat that is covered");
});

test("what cannot be read is said, and goes when it can", async (t) => {
  const member = await harbor.newMember();
  await harbor.write(member, "Hello");
  const { page } = await comeIn(t, { member });
  await activeChats(page).waitFor();
  const busy = { status: 503, code: "unavailable", title: "Busy" };
  await page.route("**/v1/**", (route) => route.fulfill({ status: 503, headers: { "Retry-After": "1" }, json: busy }));
  await lookNow(page);
  await page.getByText("Care Chats is busy.").waitFor();
  assert.equal(await activeChats(page).count(), 1); // what was read is still there
  await check(page, "a busy service");
  await page.unrouteAll();
  await lookNow(page);
  await page.getByText("Care Chats is busy.").waitFor({ state: "detached" });

  await page.route("**/messages*", (route) => route.abort());
  await openThread(page);
  await page.getByText("There is no connection. We keep trying.").waitFor();
  await page.unrouteAll();
  await lookNow(page);
  await messages(page).getByText("Hello").waitFor();
  await until(async () => await page.getByText("There is no connection.").count() === 0, "the notice to go");
});

test("what could not be marked read is marked at the next look, and the notice goes though nothing else changed", async (t) => {
  const member = await harbor.newMember();
  await harbor.write(member, "Hello");
  const { page } = await comeIn(t, { member });
  await page.route("**/read", (route) => route.abort());
  await openThread(page);
  const notice = page.getByText("There is no connection. We keep trying.");
  await notice.waitFor();
  await page.unrouteAll();
  await lookNow(page);
  await dot(page, "Chats").waitFor();
  await notice.waitFor({ state: "detached" });
});

test("a chat that is not theirs is not there", async (t) => {
  const { page, watched } = await comeIn(t);
  watched.expect(/^404 GET .*thr_/);
  await page.evaluate(() => (location.hash = "#/t/thr_AAAAAAAAAAAAAAAA"));
  await page.getByText("This chat is not here.").waitFor();
  await check(page, "no such chat");
});
