// The member's story, from the text on the phone to the reply.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertCalm, confirmation, logIn, look, messageBox, messages, openBrowser, openPage, requestChat, sayBirthDate } from "./pages.mjs";
import { startStack, until } from "./stack.mjs";

const hostile = "<script>alert(1)</script>";

/** @type {import("playwright-core").Browser} */
let browser;
let stack;

before(async () => {
  [stack, browser] = await Promise.all([startStack(), openBrowser()]);
});

after(async () => {
  await browser?.close();
  await stack?.stop();
});

/** A member with a link that the page was asked for. */
async function memberWithLink(number) {
  const member = await stack.newMember(number);
  await fetch(`${stack.url}/v1/links`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ contact: member.phone }) });
  return { member, link: await stack.linkFor(member.phone) };
}

const write = (member, text) => stack.careManager("POST", `/members/${member.id}/threads`, { programId: "diabetes", clientMessageId: crypto.randomUUID(), text });

async function storedTexts(member, thread) {
  const { items } = await stack.careManager("GET", `/members/${member.id}/threads/${thread.id}/messages`);
  return items.map(({ text }) => text);
}

test("from asking for a link to the reply", async () => {
  const member = await stack.newMember(9001);
  const watched = await openPage(browser);
  let { page } = watched;

  await page.goto(stack.url);
  await page.getByLabel("Phone number or email address").fill(member.phone.slice(2)); // as people write it
  await look(page, "01-link");
  await page.getByRole("button", { name: "Send Me a Link" }).click();
  await page.getByText("We have sent it if we know you.").waitFor();

  const link = await stack.linkFor(member.phone);
  assert(link.startsWith(`${stack.url}/#/l/`), link);
  page = await watched.newPage();
  await page.goto(link);
  await page.getByRole("heading", { name: "Welcome" }).waitFor();
  assert.equal(page.url(), `${stack.url}/`);
  await sayBirthDate(page, "2", "31", "1970");
  await page.getByText("That is not a date.").waitFor();
  await sayBirthDate(page, "2", "4", "1970");
  await page.getByText("That is not the date of birth we have.").waitFor();
  await look(page, "02-birth-date");
  await sayBirthDate(page, "2", "3", "1970");

  const chats = page.getByRole("navigation").getByRole("link");
  await page.getByText("No chats yet.").waitFor();
  assert.equal(await chats.getAttribute("aria-label"), "Chats");
  await look(page, "03-no-chats");

  await page.getByRole("button", { name: "Request a Chat" }).click();
  const form = page.getByRole("dialog", { name: "Request a Chat" });
  const submit = form.getByRole("button", { name: "Submit Request" });
  await form.getByText("Choose a reason and write a comment, then you can submit.").waitFor();
  assert(await submit.isDisabled());
  await form.getByLabel("Reason").selectOption({ index: 1 });
  await form.getByText("Write a comment, then you can submit.").waitFor();
  assert(await submit.isDisabled());
  await form.getByLabel("Comment").fill(hostile);
  await form.getByText("25 of 4000 characters").waitFor();
  await look(page, "04-request");
  await submit.click();
  await confirmation(page).getByText(hostile).waitFor();
  await confirmation(page).getByText("You can expect a reply by").waitFor();

  const { items: tasks } = await stack.careManager("GET", "/tasks");
  const task = tasks.find((task) => task.member.id === member.id);
  await page.getByRole("button", { name: "Change the Reason" }).click();
  const change = page.getByRole("dialog", { name: "Change the Reason" });
  await change.getByLabel("Reason").selectOption({ index: 2 });
  const reason = await change.getByLabel("Reason").locator("option:checked").innerText();
  await change.getByRole("button", { name: "Save" }).click();
  await confirmation(page).getByText(reason, { exact: true }).waitFor();

  const { thread } = await write(member, `Hello Ana, ${hostile}`);
  await page.getByRole("navigation").getByRole("link", { name: "Chats, 1 unread message", exact: true }).waitFor();
  await confirmation(page).waitFor(); // a message does not answer the request
  const active = page.getByRole("region", { name: "Active Chats" }).getByRole("link");
  for (const words of [thread.careManager.displayName, "1 unread message", hostile]) await active.getByText(words).waitFor();
  await look(page, "05-chats");

  await active.click();
  await messages(page).getByText(`Hello Ana, ${hostile}`, { exact: true }).waitFor();
  await page.getByRole("navigation").getByRole("link", { name: "Chats", exact: true }).waitFor();
  await messageBox(page).pressSequentially("Since Monday.");
  await messageBox(page).press("Shift+Enter");
  await messageBox(page).pressSequentially(hostile);
  await messageBox(page).press("Enter");
  await until(async () => (await storedTexts(member, thread)).length === 2, "the reply");
  assert.deepEqual(await storedTexts(member, thread), [`Hello Ana, ${hostile}`, `Since Monday.\n${hostile}`]);
  await messages(page).filter({ hasText: "You" }).getByText("Since Monday.").waitFor();
  await look(page, "06-thread");
  await stack.careManager("PUT", `/members/${member.id}/threads/${thread.id}/read`, { seq: 2 });
  await page.getByText("Seen").waitFor();

  await stack.careManager("POST", `/members/${member.id}/chat-requests/${task.id}/close`, { outcome: "answered" });
  await page.getByRole("link", { name: "Back to Chats" }).click();
  await active.waitFor();
  await confirmation(page).waitFor({ state: "detached" });

  await page.getByRole("button", { name: "Log Out" }).click();
  await page.getByText("You are logged out.").waitFor();
  assertCalm(watched, ["403 POST /v1/sessions"]);
});

test("a link works again, on a small screen and in the dark too", async () => {
  const { member, link } = await memberWithLink(9002);
  await write(member, "Hello");
  for (const width of [820, 320]) {
    const watched = await openPage(browser, { viewport: { width, height: 640 }, colorScheme: "dark" });
    const { page } = watched;
    await logIn(page, link);
    const active = page.getByRole("region", { name: "Active Chats" }).getByRole("link");
    await active.waitFor();
    await look(page, `07-chats-dark-${width}`);
    await active.click();
    await messages(page).getByText("Hello").waitFor();
    await look(page, `08-thread-dark-${width}`);
    assertCalm(watched);
    await watched.context.close();
  }
});

test("a message whose answer is lost is tried again and sent once", async () => {
  const { member, link } = await memberWithLink(9003);
  const { thread } = await write(member, "Hello");
  const watched = await openPage(browser);
  const { page } = watched;
  await logIn(page, link);
  await page.getByRole("region", { name: "Active Chats" }).getByRole("link").click();

  await page.route("**/messages*", (route) => route.abort()); // reads too: else the page would find its message by itself
  await page.route("**/messages", async (route) => {
    if (route.request().method() === "POST") await route.fetch();
    await route.abort();
  });
  await messageBox(page).fill("Just once");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  const again = page.getByRole("button", { name: "Not sent: try again" });
  await again.waitFor();
  await look(page, "09-not-sent");
  assert.deepEqual(await storedTexts(member, thread), ["Hello", "Just once"]);
  await page.unrouteAll();
  await again.click();
  await again.waitFor({ state: "detached" });
  await messages(page).filter({ hasText: "Just once" }).getByRole("time").waitFor();
  assert.equal(await messages(page).count(), 2);
  assert.deepEqual(await storedTexts(member, thread), ["Hello", "Just once"]);
  assertCalm(watched);
});

test("a request is cancelled after one question", async () => {
  const { member, link } = await memberWithLink(9004);
  const watched = await openPage(browser);
  const { page } = watched;
  await logIn(page, link);
  await requestChat(page, "My medication", "About my tablets");
  await page.getByRole("button", { name: "Cancel the Request" }).click();
  const question = page.getByRole("dialog", { name: "Cancel this request?" });
  await look(page, "10-cancel");
  await question.getByRole("button", { name: "No, keep it" }).click();
  await confirmation(page).waitFor();
  await page.getByRole("button", { name: "Cancel the Request" }).click();
  await question.getByRole("button", { name: "Yes, cancel it" }).click();
  await confirmation(page).waitFor({ state: "detached" });
  const { items: tasks } = await stack.careManager("GET", "/tasks");
  assert(!tasks.some((task) => task.member.id === member.id));
  assertCalm(watched);
});

test("a closed program's thread says why nothing can be written", async () => {
  const { member, link } = await memberWithLink(9005);
  const { thread } = await write(member, "Hello");
  const watched = await openPage(browser);
  const { page } = watched;
  await logIn(page, link);
  await page.getByRole("region", { name: "Active Chats" }).getByRole("link").click();
  await messageBox(page).waitFor();
  await stack.platform("PUT", `/members/${member.id}/enrollments/diabetes`, { state: "closed" });
  await page.getByText("This program has ended").waitFor();
  await messageBox(page).waitFor({ state: "hidden" });
  await look(page, "11-read-only");
  assert.deepEqual(await storedTexts(member, thread), ["Hello"]);
  assertCalm(watched);
});

test("a session that ended asks again, and what was written is still there", async () => {
  const { member, link } = await memberWithLink(9006);
  await write(member, "Hello");
  const watched = await openPage(browser);
  const { page } = watched;
  await logIn(page, link);
  await page.getByRole("region", { name: "Active Chats" }).getByRole("link").click();
  await messageBox(page).fill("Half a thou");
  const token = await page.evaluate(() => sessionStorage.getItem("care-chats-token"));
  await fetch(`${stack.url}/v1/sessions/current`, { method: "DELETE", headers: { Authorization: `Bearer ${token}` } });
  await page.getByText("Your session has ended.").waitFor();
  await sayBirthDate(page, "02", "03", "1970");
  await messages(page).getByText("Hello").waitFor();
  assert.equal(await messageBox(page).inputValue(), "Half a thou");
  assert.deepEqual(watched.complaints, []);
  assert(watched.refusals.length > 0 && watched.refusals.every((refusal) => refusal.startsWith("401 ")), watched.refusals.join("\n"));
});

test("a link that is not good leads to a new one, and guessing leads nowhere", async () => {
  const { link } = await memberWithLink(9007);
  const watched = await openPage(browser, { viewport: { width: 320, height: 640 } });
  const { page } = watched;
  await page.goto(`${stack.url}/#/l/${"x".repeat(27)}`);
  await sayBirthDate(page, "2", "3", "1970");
  await page.getByText("This link no longer works.").waitFor();
  await look(page, "12-old-link");

  await page.goto(link);
  for (let wrong = 1; wrong <= 5; wrong++) {
    await sayBirthDate(page, "1", `${wrong}`, "1970");
    await page.getByRole("button", { name: "Continue", disabled: false }).waitFor();
  }
  await sayBirthDate(page, "2", "3", "1970");
  await page.getByText(/Too many tries. Please try again after \d+:\d\d/).waitFor();
  await look(page, "13-locked");
  assert.deepEqual(watched.complaints, []);
});
