// What people write is text, whatever it looks like: it is shown as it is, runs nowhere and breaks no layout.

import assert from "node:assert/strict";
import { test } from "node:test";
import { activeChats, check, comeIn, confirmation, messageBox, messages, openThread, phone, requestChat, sendButton } from "./pages.mjs";
import { harbor, until } from "./stack.mjs";

const hostile = {
  "a script": `<script>window.wasRun = 1</script><img src=x onerror="window.wasRun = 1"><style>*{display:none}</style>`,
  "markup of a form": `<a href="javascript:window.wasRun=1">tap</a> &lt;b&gt; &amp;amp; \${7*7} {{7*7}}`,
  "right to left": "مرحبا، كيف حالك اليوم؟",
  "an order that is turned around": "\u202eGo to example.org\u2066",
  "zero-width": "in\u200cvis\u200dible",
  "marks upon marks": `Z${"\u0301\u0300\u0302".repeat(60)}`,
  "people of many code points": "👩🏽‍⚕️👨‍👩‍👧‍👦🏳️‍🌈",
  "lines": "one\n\n\ttwo   three",
  "a word of 4,000 letters": "w".repeat(4000),
};

/** Nothing that somebody wrote became more than text, and the view is no wider than the screen. */
async function assertHarmless(page, name) {
  const made = "main script, main img, main style, main a[href^=javascript], main b, main i";
  assert.deepEqual(await page.evaluate((made) => [globalThis.wasRun, document.querySelectorAll(made).length], made), [undefined, 0]);
  await check(page, name);
}

test("messages of the other side and of one's own", async (t) => {
  const member = await harbor.newMember();
  let written;
  for (const text of Object.values(hostile)) written = await harbor.write(member, text);
  const { page } = await comeIn(t, { member, options: { ...phone, viewport: { width: 320, height: 640 } } });
  await assertHarmless(page, "hostile chats");
  await openThread(page);
  for (const [name, text] of Object.entries(hostile)) {
    await until(async () => (await shownTexts(page)).includes(text), `${name} as it was written`);
  }
  await assertHarmless(page, "hostile messages");

  await messageBox(page).fill(hostile["a script"]);
  await sendButton(page).click();
  await until(async () => (await harbor.storedTexts(member, written.thread)).length === Object.keys(hostile).length + 1, "the reply");
  assert.equal((await shownTexts(page)).filter((text) => text === hostile["a script"]).length, 2);
  await assertHarmless(page, "a hostile reply");
});

/** The texts of messages, by the element that lets a text say its own direction. */
const shownTexts = (page) => messages(page).locator("[dir=auto]").evaluateAll((all) => all.map((element) => element.textContent));

test("a text that turns the order around does not turn what stands beside it", async (t) => {
  const member = await harbor.newMember();
  await harbor.write(member, hostile["an order that is turned around"]);
  const { page } = await comeIn(t, { member });
  const isolated = await activeChats(page).evaluate((link) => {
    const words = document.createTreeWalker(link, NodeFilter.SHOW_TEXT);
    while (words.nextNode()) if (words.currentNode.data.includes("example.org")) return getComputedStyle(words.currentNode.parentElement).unicodeBidi;
  });
  assert.match(isolated, /isolate|plaintext/);
});

for (const [name, text] of [["a script", hostile["a script"]], ["a word of 4,000 letters", hostile["a word of 4,000 letters"]]]) {
  test(`a comment: ${name}`, async (t) => {
    const { page } = await comeIn(t, { options: { ...phone, viewport: { width: 320, height: 640 } } });
    await requestChat(page, "How I feel", text);
    await confirmation(page).waitFor();
    assert((await confirmation(page).textContent()).includes(text));
    await assertHarmless(page, "a hostile comment");
  });
}

test("names of people and programs", async (t) => {
  const named = `Dr. <b>O'Rivera</b> ${"w".repeat(60)}`;
  await harbor.platform("PUT", "/care-managers/cm-hostile", { displayName: named, departmentIds: ["nurses"], active: true });
  const member = await harbor.newMember({ displayName: `<i>Ana</i>\u202e ${"n".repeat(60)}`, programs: { heart: "cm-hostile" } });
  await harbor.write(member, "Hello", "heart", "cm-hostile");
  const { page } = await comeIn(t, { member, options: { ...phone, viewport: { width: 320, height: 640 } } });
  await activeChats(page).getByText(named).waitFor();
  await assertHarmless(page, "hostile names in the list");
  await openThread(page, named);
  await assertHarmless(page, "hostile names in a thread");
});
