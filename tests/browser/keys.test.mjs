// What Return does: on a keyboard it sends, on a touch keyboard it is a new line, and in an input method it chooses a character.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inThread, messageBox, messages, phone, sendButton, shownAsSent } from "./pages.mjs";

test("on a keyboard Return sends, and with Shift it is a new line", async (t) => {
  const { page, stored } = await inThread(t);
  await messageBox(page).pressSequentially("One");
  await messageBox(page).press("Shift+Enter");
  await messageBox(page).pressSequentially("two");
  await messageBox(page).press("Enter");
  await shownAsSent(page, "two");
  assert.deepEqual(await stored(), ["Hello", "One\ntwo"]);
});

test("on a touch keyboard Return is a new line, and the button sends", async (t) => {
  const { page, stored } = await inThread(t, phone);
  assert.equal(await messageBox(page).getAttribute("enterkeyhint"), "enter");
  await messageBox(page).pressSequentially("One");
  await messageBox(page).press("Enter");
  await messageBox(page).pressSequentially("two");
  assert.equal(await messageBox(page).inputValue(), "One\ntwo");
  await sendButton(page).click();
  await shownAsSent(page, "two");
  assert.deepEqual(await stored(), ["Hello", "One\ntwo"]);
});

test("a Return that chooses what an input method offers sends nothing", async (t) => {
  const { page, stored } = await inThread(t);
  await messageBox(page).fill("にほん");
  const press = (init) => messageBox(page).evaluate((box, init) =>
    void box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true, ...init })), init);
  await press({ isComposing: true }); // as Chrome says it
  await press({ keyCode: 229 }); // as Safari does, when the composition is over
  assert.equal(await messageBox(page).inputValue(), "にほん");
  assert.equal(await messages(page).count(), 1);
  await press({ keyCode: 13 });
  await shownAsSent(page, "にほん");
  assert.deepEqual(await stored(), ["Hello", "にほん"]);
});
