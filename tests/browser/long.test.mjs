// A conversation of a thousand messages.

import assert from "node:assert/strict";
import { test } from "node:test";
import { comeIn, lookNow, messages, openThread, phone } from "./pages.mjs";
import { harbor, until } from "./stack.mjs";

const count = 1000;

/** Numbers at the end of the messages that are shown, in their order. */
const shown = (page) => messages(page).evaluateAll((items) => items.map((item) => Number(/number (\d+)/.exec(item.textContent)?.[1])));

test("a thousand messages: the newest first, the older ones on scroll, each once and in order", async (t) => {
  const member = await harbor.newMember();
  let written;
  const more = (i) => (i % 7 ? "." : `, ${"with more words, ".repeat(i % 40)}as people write.`);
  for (let i = 1; i <= count; i++) written = await harbor.write(member, `This is message number ${i}${more(i)}`);
  await harbor.member(member, "PUT", `/members/me/threads/${written.thread.id}/read`, { seq: count - 1 });
  const { page, watched } = await comeIn(t, { member, options: phone });
  let reads = 0;
  watched.context.on("request", (request) => (reads += request.url().includes("/messages?before=") ? 1 : 0));

  await openThread(page);
  await messages(page).getByText(`number ${count}`).waitFor();
  assert(await isInView(page, count), "the newest message is not in view");
  await until(async () => (await toTop(page), (await shown(page))[0] === 1), "the first message");
  assert.deepEqual(await shown(page), Array.from({ length: count }, (_, i) => i + 1));
  assert(reads <= count / 50 + 1, `${reads} reads of older messages`);

  await toTop(page);
  await until(() => isInView(page, 1), "the first message in view");
  await harbor.write(member, `This is message number ${count + 1}`);
  await lookNow(page);
  await until(async () => (await shown(page)).length === count + 1, "the new message");
  assert(await isInView(page, 1) && !await isInView(page, count + 1), "a new message took the reader away from what was read");
});

test("reading older messages does not move what is being read", async (t) => {
  const member = await harbor.newMember();
  let written;
  for (let i = 1; i <= 120; i++) written = await harbor.write(member, `This is message number ${i}`);
  await harbor.member(member, "PUT", `/members/me/threads/${written.thread.id}/read`, { seq: 120 });
  const { page } = await comeIn(t, { member, options: phone });
  await openThread(page);
  await messages(page).getByText("number 120").waitFor();
  const first = (await shown(page))[0];
  await toTop(page);
  await until(async () => (await shown(page))[0] < first, "older messages");
  assert(await isInView(page, first), "what was at the top is no longer in view");
});

/** As a thumb does it. */
const toTop = (page) => messages(page).first().evaluate((item) => item.scrollIntoView({ block: "start" }));

const isInView = (page, number) => messages(page).filter({ hasText: new RegExp(`number ${number}\\b`) }).evaluate((item) => {
  const { top, bottom } = item.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
});
