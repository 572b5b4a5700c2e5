// What is being written outlives the tab, for the same person alone.

import assert from "node:assert/strict";
import { test } from "node:test";
import { activeChats, askButton, check, comeIn, dialog, goBack, logIn, lookNow, messageBox, messages, openBrowser, openThread, shownAsSent } from "./pages.mjs";
import { freshLink, harbor, until } from "./stack.mjs";

const words = "My feet tingle at night";

/** Everything that the device keeps of a page, for whoever opens the developer tools. */
const onDevice = (page) => page.evaluate(() => JSON.stringify({ ...localStorage }));
const drafts = (page) => page.evaluate(() => Object.keys(localStorage).filter((name) => name.startsWith("care-chats-draft")).length);

/** A member who has written half a request and half a message in one tab, which is closed. */
async function halfWay(t) {
  const member = await harbor.newMember();
  const { thread } = await harbor.write(member, "Hello");
  const visit = await comeIn(t, { member });
  await askButton(visit.page).click();
  await dialog(visit.page, "Request a Chat").getByLabel("Reason").selectOption({ label: "How I feel" });
  await dialog(visit.page, "Request a Chat").getByLabel("Comment").fill(words);
  await visit.page.keyboard.press("Escape");
  await openThread(visit.page);
  await messageBox(visit.page).fill(`${words}, Sam`);
  await until(async () => await drafts(visit.page) === 2, "two drafts on the device");
  const next = await visit.watched.newPage();
  await visit.page.close();
  return { ...visit, member, thread, next };
}

test("a text's link opens a new tab, which offers what was being written", async (t) => {
  const { member, next } = await halfWay(t);
  await logIn(next, await freshLink(member), member);
  await goHome(next);
  await next.getByText("You have an unfinished request.").waitFor();
  await check(next, "an unfinished request");
  await activeChats(next).getByText(`${words}, Sam`).waitFor();
  await next.getByRole("button", { name: "Continue" }).click();
  assert.equal(await dialog(next, "Request a Chat").getByLabel("Comment").inputValue(), words);
  assert.equal(await dialog(next, "Request a Chat").getByLabel("Reason").inputValue(), "symptoms");
  await dialog(next, "Request a Chat").getByRole("button", { name: "Submit Request" }).click();
  await dialog(next, "Request a Chat").waitFor({ state: "detached" });
  await openThread(next);
  assert.equal(await messageBox(next).inputValue(), `${words}, Sam`);
  await messageBox(next).press("Enter");
  await shownAsSent(next, `${words}, Sam`);
  await until(async () => await drafts(next) === 0, "the drafts to go");
});

/** The link may have led to the chat. */
async function goHome(page) {
  if (await page.getByRole("link", { name: /^Back to Chats/ }).count()) await goBack(page);
  await activeChats(page).waitFor();
}

test("what is not sent yet goes out in the new tab, once", async (t) => {
  const member = await harbor.newMember();
  const { thread } = await harbor.write(member, "Hello");
  const { page, watched } = await comeIn(t, { member });
  await openThread(page);
  await page.route("**/messages", (route) => route.request().method() === "POST" ? route.abort() : route.continue());
  await messageBox(page).fill("From the first tab");
  await messageBox(page).press("Enter");
  await page.getByText("Not sent yet.").waitFor();
  await until(async () => await drafts(page) === 1, "the message on the device");
  const next = await watched.newPage();
  await page.close();
  await logIn(next, await freshLink(member), member);
  await until(async () => (await harbor.storedTexts(member, thread)).length === 2, "the message");
  assert.deepEqual(await harbor.storedTexts(member, thread), ["Hello", "From the first tab"]);
});

test("a shared device shows nothing of it: not to the next person, and not in the browser's storage", async (t) => {
  const { next } = await halfWay(t);
  const other = await harbor.newMember({ displayName: "Eva Stone", birthDate: "1944-12-24" });
  await harbor.write(other, "Hello Eva");
  await logIn(next, await freshLink(other), other);
  await goHome(next);
  assert.equal(await next.getByText("You have an unfinished request.").count(), 0);
  const kept = await onDevice(next);
  for (const secret of [words, "symptoms", "request", "thread", "diabetes", "member-"]) assert(!kept.includes(secret), `${secret} is in ${kept}`);
  assert.equal(await drafts(next), 2, "the first one's drafts are gone");
});

test("logging out leaves no draft, and after a day there is none", async (t) => {
  const { member, next } = await halfWay(t);
  await next.clock.install({ time: Date.now() });
  await logIn(next, await freshLink(member), member);
  await until(async () => await drafts(next) === 2, "the drafts");
  await next.clock.setFixedTime(Date.now() + 25 * 3_600_000);
  await next.evaluate(() => sessionStorage.clear());
  await next.reload();
  await next.getByLabel("Phone number or email address").waitFor();
  assert.equal(await drafts(next), 0, "after a day");

  const again = await halfWay(t);
  await logIn(again.next, await freshLink(again.member), again.member);
  await goHome(again.next);
  again.watched.expect(/^401 GET /); // what was on its way at log-out
  await again.next.getByRole("button", { name: "Log Out" }).click();
  const question = dialog(again.next, "What you wrote is not sent yet");
  await question.getByRole("button", { name: "Stay here" }).click();
  assert.equal(await drafts(again.next), 2, "who stays keeps the drafts");
  await again.next.getByRole("button", { name: "Log Out" }).click();
  await question.getByRole("button", { name: "Leave without sending" }).click();
  await again.next.getByText("You are logged out.").waitFor();
  assert.equal(await drafts(again.next), 0, "after the log-out");
});

test("without WebCrypto nothing is kept on the device, and everything works", async (t) => {
  const member = await harbor.newMember();
  await harbor.write(member, "Hello");
  const { newPage, context } = await openBrowser(t);
  await context.addInitScript(() => Object.defineProperty(Crypto.prototype, "subtle", { get: () => undefined }));
  const page = await newPage();
  await logIn(page, await freshLink(member), member);
  await goHome(page);
  await openThread(page);
  await messageBox(page).fill(words);
  await lookNow(page);
  await page.reload();
  await messages(page).getByText("Hello").waitFor();
  assert.equal(await messageBox(page).inputValue(), words); // the tab keeps it
  assert.equal(await page.evaluate(() => localStorage.length), 0);
});
