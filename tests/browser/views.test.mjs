// Every view, on a phone and on a desk, in the light and in the dark: usable by everybody, and as the README shows it.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  activeChats, check, checkWidth, confirmation, desk, dialog, logIn, goBack, lookNow, messageBox, messages, openBrowser, openThread, phone, picture, requestChat, sendButton,
} from "./pages.mjs";
import { freshLink, harbor, inbox, issuer, url } from "./stack.mjs";

/** A week in a member's life, so that the pictures show one. */
async function aMember(name) {
  const told = { email: `ana.${name}@example.org`, channels: ["sms", "email"] };
  const member = await harbor.newMember({ programs: { diabetes: "cm-rivera", heart: "cm-chen" }, ...told });
  await harbor.write(member, "Your new walking plan is ready. Shall we go through it together?", "heart", "cm-chen");
  return member;
}

async function theyTalked(member, page) {
  await harbor.write(member, "Good morning, Ana! I saw your readings from this week. How are your feet today?");
  await lookNow(page);
  await openThread(page);
  for (const text of ["Better, thank you. The tingling is almost gone.", "But in the evening they are cold."]) {
    await messageBox(page).fill(text);
    await sendButton(page).click();
    await messages(page).filter({ hasText: text }).getByRole("time").waitFor();
  }
  const advice = "That is good to hear. Please wear warm socks, and tell me on Friday how it went. If it gets worse, call us at once.";
  const { thread } = await harbor.write(member, advice);
  await harbor.careManager("PUT", `/members/${member.id}/threads/${thread.id}/read`, { seq: 3 });
  await lookNow(page);
  await messages(page).getByText("Please wear warm socks").waitFor();
  await page.getByText("Seen").waitFor();
}

for (const [device, options] of Object.entries({ phone, desk })) {
  test(`every view on a ${device}`, async (t) => {
    const member = await aMember(device);
    const { newPage } = await openBrowser(t, options);
    const page = await newPage();
    const view = (name) => look(page, `${device}-${name}`);

    await page.goto(url);
    await page.getByLabel("Phone number or email address").waitFor();
    await view("link");
    const link = await freshLink(member);
    await page.goto(link);
    await page.getByLabel("Month").waitFor();
    await view("log-in");
    await logIn(page, link, member);

    await page.getByRole("button", { name: "Request a Chat" }).click();
    const form = dialog(page, "Request a Chat");
    await form.getByLabel("Program").selectOption({ label: "Living with Diabetes, Sam Rivera" });
    await form.getByLabel("Reason").selectOption({ label: "How I feel" });
    await form.getByLabel("Comment").fill("My feet tingle in the evening. Is that from the new tablets?");
    await view("request");
    await page.keyboard.press("Escape");
    await requestChat(page, "How I feel", "My feet tingle in the evening. Is that from the new tablets?", "Living with Diabetes, Sam Rivera");
    await confirmation(page).waitFor();
    await view("confirmation");
    await page.getByRole("button", { name: "Cancel the Request" }).click();
    await view("cancel");
    await page.keyboard.press("Escape");

    await theyTalked(member, page);
    await view("conversation");
    await harbor.close(member, await harbor.taskOf(member));
    await goBack(page);
    await lookNow(page);
    await page.getByRole("button", { name: "OK" }).click(); // the task is closed
    await activeChats(page).nth(1).waitFor();
    await view("chats");
    await page.getByRole("link", { name: "Preferences", exact: true }).click();
    await page.getByRole("button", { name: "Save" }).waitFor();
    await view("preferences");
  });
}

/** Those that the README shows. */
const shown = new Set(["log-in", "request", "confirmation", "conversation", "chats", "preferences"].flatMap((name) => [`phone-${name}`, `desk-${name}`]));
shown.add("phone-conversation-dark");

/** As it is, for the README, and with letters of twice the size. */
async function look(page, name) {
  await check(page, name);
  for (const [colorScheme, more] of /** @type {const} */ ([["dark", "-dark"], ["light", ""]])) {
    await page.emulateMedia({ colorScheme });
    if (shown.has(name + more)) await picture(page, name + more);
  }
  await page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
  await checkWidth(page, `${name} with large letters`);
  await page.evaluate(() => (document.documentElement.style.fontSize = ""));
}

test("an empty start, in words", async (t) => {
  const member = await harbor.newMember();
  const { newPage } = await openBrowser(t, { ...phone, viewport: { width: 320, height: 568 } });
  const page = await newPage();
  await logIn(page, await freshLink(member), member);
  await page.getByText("No chats yet.").waitFor();
  await check(page, "no chats");
});

test("the inbox and the log-in page ask for no icon, which is not there", async (t) => {
  const page = await (await openBrowser(t)).newPage();
  for (const address of [inbox, issuer]) {
    await page.goto(address);
    assert.equal(await page.locator("link[rel=icon]").getAttribute("href"), "data:,");
  }
});

test("with less motion nothing moves", async (t) => {
  const member = await aMember("still");
  const { newPage } = await openBrowser(t, { reducedMotion: "reduce" });
  const page = await newPage();
  await logIn(page, await freshLink(member), member);
  await page.getByRole("button", { name: "Request a Chat" }).click();
  await dialog(page, "Request a Chat").waitFor();
  const durations = await page.evaluate(() => document.getAnimations().map(({ effect }) => Number(effect?.getComputedTiming().duration)));
  assert.deepEqual(durations.filter((duration) => duration > 10), []);
});
