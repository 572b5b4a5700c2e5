// Asking for a chat, and what can be done about it until the care manager has closed the task.

import assert from "node:assert/strict";
import { test } from "node:test";
import { activeChats, askButton, check, comeIn, confirmation, dialog, goBack, lookNow, messages, openThread, phone, requestChat } from "./pages.mjs";
import { harbor, url } from "./stack.mjs";

const both = { programs: { diabetes: "cm-rivera", heart: "cm-chen" } };
const openForm = async (page) => {
  await askButton(page).click();
  await dialog(page, "Request a Chat").getByLabel("Comment").waitFor();
  return dialog(page, "Request a Chat");
};
const chosen = (form, label) => form.getByLabel(label).locator("option:checked").innerText();

test("a dialog that is opened again before the browser says that it was closed stays open", async (t) => {
  const { page } = await comeIn(t);
  await openForm(page);
  await page.evaluate(() => {
    document.querySelector("dialog")?.addEventListener("close", () => (document.documentElement.dataset.closed = "yes"));
    document.querySelector("dialog")?.close();
    /** @type {HTMLElement} */ (document.querySelector(".ask button")).click();
  });
  await page.locator("[data-closed]").waitFor();
  assert(await dialog(page, "Request a Chat").isVisible());
});

test("the form says what is missing, counts as the server does, and keeps what was written", async (t) => {
  const { page } = await comeIn(t, { options: phone });
  let form = await openForm(page);
  const submit = form.getByRole("button", { name: "Submit Request" });
  await form.getByText("Choose a reason and write a comment, then you can submit.").waitFor();
  assert(await submit.isDisabled());
  await form.getByLabel("Reason").selectOption({ label: "How I feel" });
  await form.getByText("Write a comment, then you can submit.").waitFor();
  assert(await submit.isDisabled());
  await form.getByLabel("Comment").fill("  \n ");
  assert(await submit.isDisabled());
  await form.getByLabel("Comment").fill("👩🏽‍⚕️ tired");
  await form.getByText("11 of 4000 characters").waitFor();
  assert(!await submit.isDisabled());
  await check(page, "the form, filled in");
  await form.getByLabel("Comment").fill("w".repeat(4001));
  await form.getByText("The comment is too long.").waitFor();
  assert(await submit.isDisabled());
  await form.getByLabel("Comment").fill("So tired");
  await page.keyboard.press("Escape");
  await form.waitFor({ state: "detached" });
  form = await openForm(page);
  assert.equal(await form.getByLabel("Comment").inputValue(), "So tired");
});

test("the program is the one that is open: in the member's app, or the chat that was read last", async (t) => {
  const member = await harbor.newMember(both);
  await harbor.write(member, "Hello", "diabetes");
  const { page } = await comeIn(t, { member });
  await openThread(page);
  await messages(page).getByText("Hello").waitFor(); // it is read
  await goBack(page);
  assert.equal(await chosen(await openForm(page), "Program"), "Living with Diabetes, Sam Rivera");
  await page.goto(`${url}/?program=heart`);
  assert.equal(await chosen(await openForm(page), "Program"), "Heart Health, Lin Chen");
});

test("the program of a chat that was left before it could be read is the default too", async (t) => {
  const member = await harbor.newMember(both);
  await harbor.write(member, "Hello", "diabetes");
  const { page } = await comeIn(t, { member });
  await page.route("**/messages*", (route) => route.abort());
  await openThread(page);
  await goBack(page);
  assert.equal(await chosen(await openForm(page), "Program"), "Living with Diabetes, Sam Rivera");
});

test("a request is submitted once, however often its answer is lost", async (t) => {
  const { page, member } = await comeIn(t);
  let lost = 0;
  await page.route("**/chat-requests", async (route) => {
    await route.fetch();
    if (lost++ < 4) await route.abort();
    else await route.continue();
  });
  const form = await openForm(page);
  await form.getByLabel("Reason").selectOption({ label: "How I feel" });
  await form.getByLabel("Comment").fill("Just once");
  await form.getByRole("button", { name: "Submit Request" }).click();
  await form.getByText("There is no connection. Please try again.").waitFor();
  await form.getByRole("button", { name: "Submit Request", disabled: false }).click();
  await confirmation(page).getByText("Just once").waitFor();
  assert.equal(await confirmation(page).count(), 1);
  assert.equal((await harbor.careManager("GET", `/members/${member.id}/chats`)).requests.length, 1);
});

test("with a request open in every program there is nothing more to ask for", async (t) => {
  const { page } = await comeIn(t, both);
  await requestChat(page, "How I feel", "First");
  const form = await openForm(page);
  assert.equal(await form.getByLabel("Program").locator("option:disabled").count(), 1);
  await form.getByLabel("Reason").selectOption({ label: "My medication" });
  await form.getByLabel("Comment").fill("Second");
  await form.getByRole("button", { name: "Submit Request" }).click();
  await confirmation(page).nth(1).waitFor();
  await page.getByText("You can ask for another chat when").waitFor();
  assert.equal(await page.getByRole("button", { name: "Request a Chat" }).count(), 0);
});

test("a request is cancelled after one question", async (t) => {
  const { page, member } = await comeIn(t);
  await requestChat(page, "My medication", "About my tablets");
  const question = dialog(page, "Cancel this request?");
  for (const answer of ["No, keep it", "Yes, cancel it"]) {
    await confirmation(page).waitFor();
    await page.getByRole("button", { name: "Cancel the Request" }).click();
    const box = await question.boundingBox(), height = page.viewportSize()?.height ?? 0;
    assert(box && Math.abs(box.y - (height - box.y - box.height)) < 2, "the dialog is not in the middle");
    await question.getByRole("button", { name: answer }).click();
    await question.waitFor({ state: "detached" });
  }
  await confirmation(page).waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Request a Chat" }).waitFor();
  assert.equal(await harbor.taskOf(member), undefined);
});

test("a request that was closed while its dialog was open is said to be closed", async (t) => {
  const { page, member, watched } = await comeIn(t);
  watched.expect(/^409 PATCH /);
  await requestChat(page, "My medication", "About my tablets");
  await page.getByRole("button", { name: "Change the Reason" }).click();
  const change = dialog(page, "Change the Reason");
  await change.getByLabel("Reason").selectOption({ label: "How I feel" });
  await harbor.close(member, await harbor.taskOf(member));
  await change.getByRole("button", { name: "Save" }).click();
  await page.getByText("has already closed this request").waitFor();
  await check(page, "too late");
  await page.keyboard.press("Escape");
  await confirmation(page).waitFor({ state: "detached" });
});

test("who closed a request is said, and the program can be asked in again", async (t) => {
  const { page, member } = await comeIn(t);
  await requestChat(page, "My medication", "About my tablets");
  await confirmation(page).waitFor();
  await harbor.close(member, await harbor.taskOf(member));
  await lookNow(page);
  await page.getByText("Your care manager has closed your request").first().waitFor();
  await confirmation(page).waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Request a Chat" }).waitFor();
});

test("a closed program's thread moves below and says why nothing can be written", async (t) => {
  const member = await harbor.newMember(both);
  for (const [program, who] of Object.entries(both.programs)) await harbor.write(member, "Hello", program, who);
  const { page } = await comeIn(t, { member });
  await openThread(page);
  await page.getByLabel("Message", { exact: true }).fill("I was about to say");
  await harbor.platform("PUT", `/members/${member.id}/enrollments/diabetes`, { state: "closed" });
  await lookNow(page);
  await page.getByText("This program has ended").waitFor();
  await page.getByText("I was about to say").waitFor(); // which can still be copied
  const now = page.getByRole("link", { name: "Lin Chen answers you now (Heart Health)" });
  assert.equal(await page.getByLabel("Message", { exact: true }).isVisible(), false);
  await check(page, "read only");
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByText("I was about to say").waitFor({ state: "detached" });
  await now.click(); // who answers now, and the way there
  await page.getByRole("heading", { name: "Lin Chen" }).waitFor();
  await goBack(page);
  await page.getByRole("region", { name: "Past Chats" }).getByRole("link").filter({ hasText: "Sam Rivera" }).waitFor();
  assert.equal(await activeChats(page).count(), 1);
});

test("who is in no program with chats hears it", async (t) => {
  const { page } = await comeIn(t, { programs: {} });
  await page.getByText("You are not in a program with chats at the moment.").waitFor();
  await check(page, "no program");
});
