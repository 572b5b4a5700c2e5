// What stands around the views: a chat's head and foot, Back, other tabs, print, and addresses that are none.

import assert from "node:assert/strict";
import { test } from "node:test";
import { askButton, check, comeIn, dialog, goBack, inThread, logIn, lookNow, messageBox, messages, openBrowser, openThread, phone } from "./pages.mjs";
import { freshLink, harbor, url } from "./stack.mjs";

/** The part of the screen that the head and the foot of a chat take. */
const furniture = (page) => page.evaluate(() => {
  const heights = [".top", ".foot"].map((part) => document.querySelector(part)?.getBoundingClientRect().height ?? 0);
  return (heights[0] + heights[1]) / innerHeight;
});

for (const [name, viewport, letters, most] of /** @type {const} */ ([
  ["a phone", { width: 390, height: 844 }, "100%", 0.25], ["a phone at 200 %", { width: 390, height: 844 }, "200%", 0.4],
  ["the smallest phone", { width: 320, height: 568 }, "100%", 0.35], ["the smallest phone at 200 %", { width: 320, height: 568 }, "200%", 0.5],
])) {
  test(`on ${name} a chat is mostly what was said`, async (t) => {
    const { page } = await inThread(t, { ...phone, viewport });
    await page.getByRole("link", { name: "Emergency: call 911" }).waitFor();
    await page.evaluate((letters) => (document.documentElement.style.fontSize = letters), letters);
    const part = await furniture(page);
    assert(part < most, `head and foot take ${Math.round(part * 100)} % of the screen`);
    const before = (await messageBox(page).boundingBox())?.height ?? 0;
    await messageBox(page).fill("One\ntwo\nthree");
    assert((await messageBox(page).boundingBox())?.height ?? 0 > before, "the box does not grow");
    await check(page, name);
    await page.context().setOffline(true);
    await lookNow(page);
    await page.getByText("There is no connection.").waitFor();
    const then = await furniture(page);
    assert(then < 0.85, `without a connection head and foot take ${Math.round(then * 100)} % of the screen`);
  });
}

test("in a chat the emergency is one line that calls", async (t) => {
  const { page } = await inThread(t, phone);
  assert.equal(await page.getByRole("link", { name: "Emergency: call 911" }).getAttribute("href"), "tel:911");
});

test("addresses and phone numbers of a care manager can be tapped, and nothing else can", async (t) => {
  const member = await harbor.newMember();
  await harbor.write(member, "Read https://example.org/feet?a=1&b=2, then call (555) 010-0123. Not http://example.org, javascript:alert(1) or 2026-12-04 12:30.");
  const { page } = await comeIn(t, { member });
  await openThread(page);
  const links = messages(page).getByRole("link");
  await links.first().waitFor(); // the heading comes before the messages
  assert.deepEqual(await links.evaluateAll((all) => all.map((each) => [each.textContent, each.getAttribute("href"), each.getAttribute("rel"), each.getAttribute("target")])), [
    ["https://example.org/feet?a=1&b=2", "https://example.org/feet?a=1&b=2", "noopener noreferrer", "_blank"],
    ["(555) 010-0123", "tel:5550100123", null, null],
  ]);
  await messageBox(page).fill("See https://example.org/mine");
  await messageBox(page).press("Enter");
  await messages(page).filter({ hasText: "/mine" }).getByRole("time").waitFor();
  assert.equal(await links.count(), 2);
  await check(page, "links");
});

test("Back closes an open dialog, and after that leaves the view", async (t) => {
  const member = await harbor.newMember();
  await harbor.write(member, "Hello");
  const { page } = await comeIn(t, { member });
  await openThread(page);
  await goBack(page);
  await askButton(page).click();
  await dialog(page, "Request a Chat").getByLabel("Comment").fill("My feet");
  await page.goBack();
  await dialog(page, "Request a Chat").waitFor({ state: "detached" });
  await page.getByRole("heading", { name: "Chats", level: 1 }).waitFor();
  await askButton(page).click();
  await dialog(page, "Request a Chat").getByLabel("Comment").waitFor();
  await page.keyboard.press("Escape");
  await dialog(page, "Request a Chat").waitFor({ state: "detached" });
  await page.waitForFunction(() => !history.state?.isDialog);
  await page.goBack(); // what the dialog put into the history is gone with it
  await messages(page).getByText("Hello").waitFor();
});

test("logging out ends this member in every tab, and nobody else", async (t) => {
  const [member, other] = [await harbor.newMember(), await harbor.newMember({ displayName: "Eva Stone", birthDate: "1944-12-24" })];
  const { page, watched } = await comeIn(t, { member });
  watched.expect(/^401 GET /); // what was on its way at log-out
  const second = await watched.newPage(), third = await watched.newPage();
  await logIn(second, await freshLink(member), member);
  await logIn(third, await freshLink(other), other);
  await page.getByRole("button", { name: "Log Out" }).click();
  for (const each of [page, second]) {
    await each.getByText("You are logged out.").waitFor();
    assert.equal(await each.evaluate(() => sessionStorage.length), 0);
  }
  await third.reload();
  await third.getByText("Eva Stone").waitFor();
});

test("on paper there is what was said and nothing to press", async (t) => {
  const { page } = await inThread(t);
  await page.emulateMedia({ media: "print" });
  await messages(page).getByText("Hello").waitFor();
  await page.getByRole("heading", { name: "Sam Rivera" }).waitFor();
  assert.equal(await page.locator("button:visible, textarea:visible, nav:visible, a[href^='tel']:visible").count(), 0);
});

test("an address that is none is a page with a way out", async (t) => {
  const { newPage, expect, expectComplaint } = await openBrowser(t, phone);
  expect(/^404 GET .chats$/);
  expectComplaint(/status of 404/);
  const page = await newPage();
  const answer = await page.goto(`${url}/chats`);
  assert.equal(answer?.status(), 404);
  await page.getByRole("heading", { name: "This page is not here" }).waitFor();
  await check(page, "an address that is none");
  await page.getByRole("link", { name: "Go to Care Chats" }).click();
  await page.getByLabel("Phone number or email address").waitFor();
  const head = await fetch(url, { method: "HEAD" });
  assert.deepEqual([head.status, head.headers.get("content-type")], [200, "text/html; charset=utf-8"]);
});
