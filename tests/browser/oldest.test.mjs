// The oldest browsers that the page runs in, Safari 15.4 and Chrome 99, and those that let it keep nothing.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { newer, newerIn, newerStyles, takeAway } from "./compat.mjs";
import { check, comeIn, messages, openThread, phone } from "./pages.mjs";
import { harbor } from "./stack.mjs";
import { story } from "./story.mjs";

const file = (name) => readFileSync(new URL(`../../functions/pages/static/${name}`, import.meta.url), "utf8");

/** Names that are the page's own, though a newer browser has something that is called so too. */
const ours = ["messages", "to"];
/** What a browser may ignore: without it a page is less fine, and whole. */
const finery = ["@container", "container", "field-sizing", "overflow-anchor", "overscroll-behavior", "scrollbar-gutter", "text-wrap"];

test("the page uses no function and no style that the oldest browsers lack", () => {
  assert.deepEqual(newerIn("AbortSignal.timeout(1); list.toSorted()").sort(), ["AbortSignal.timeout", "toSorted"], "the search finds nothing");
  assert.deepEqual(newerIn(file("member.js")).filter((name) => !ours.includes(name)), []);
  assert.doesNotMatch(file("member.js"), /\(\?<[=!]/, "a lookbehind");
  assert.deepEqual(newerStyles(file("member.css")).sort(), finery);
});

test("every length that older browsers do not know has one that they do before it", () => {
  for (const [, property] of file("member.css").matchAll(/([\w-]+):[^;{}]*\ddvh/g)) {
    assert.match(file("member.css"), new RegExp(`[;{]${property}:[^;{}]*\\dvh[^;{}]*;${property}:[^;{}]*\\ddvh`), property);
  }
});

/** As an old browser reads a style sheet: without what it does not know. */
async function withOldStyles(context) {
  await context.route("**/static/*.css", async (route) => {
    const answer = await route.fetch();
    const css = (await answer.text()).replace(/@container [^{]*/g, "@media not all").replace(/[\w-]+:[^;{}]*\ddvh[^;{}]*;?/g, "")
      .replace(new RegExp(`(?<=[;{])(?:${finery.filter((name) => !name.startsWith("@")).join("|")}):[^;}]*;?`, "g"), "");
    await route.fulfill({ response: answer, body: css });
  });
}

test("the whole story in an old browser", (t) => story(t, "oldtown", { script: takeAway, argument: newer, look: withOldStyles }));

/** As browsers do when site data are blocked. */
function blockSiteData() {
  for (const name of ["sessionStorage", "localStorage", "indexedDB"]) {
    Object.defineProperty(globalThis, name, { get() { throw new DOMException("The operation is insecure.", "SecurityError"); } });
  }
}

test("the whole story with site data blocked", (t) => story(t, "closedhouse", { script: blockSiteData }));

test("without measuring its own width a view is what a phone shows", async (t) => {
  const member = await harbor.newMember();
  await harbor.write(member, "Hello");
  const { page, watched } = await comeIn(t, { member, options: { ...phone, viewport: { width: 320, height: 568 } } });
  await withOldStyles(watched.context);
  await page.reload();
  await openThread(page);
  await messages(page).getByText("Hello").waitFor();
  await check(page, "an old browser's chat");
});
