// How a member is told: channels with their true state and how to mend it, quiet hours, a pause.

import assert from "node:assert/strict";
import { test } from "node:test";
import { check, comeIn, phone } from "./pages.mjs";
import { harbor, inbox, sentTo, until, url } from "./stack.mjs";

const save = async (page) => {
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Your preferences are saved.").waitFor();
};

async function openPreferences(t, profile) {
  const visit = await comeIn(t, { options: phone, ...profile });
  await visit.page.getByRole("link", { name: "Preferences", exact: true }).click();
  await visit.page.getByRole("heading", { name: "Preferences", level: 1 }).waitFor();
  return visit;
}

/** Looks again until it is so: what others change is read when the view is opened. */
const reloadUntil = (page, isSo, what) => until(async () => {
  await page.reload();
  await page.getByRole("checkbox", { name: "Text message" }).waitFor();
  return isSo();
}, what);

test("channels are chosen, and what leaves nobody to be told is said", async (t) => {
  const { page } = await openPreferences(t);
  const text = page.getByRole("checkbox", { name: "Text message" });
  await page.getByText("Works").waitFor();
  assert(await text.isChecked());
  await text.uncheck();
  await page.getByText("Not saved yet.").waitFor();
  await check(page, "what is not saved yet");
  await save(page);
  assert.equal(await page.getByText("Not saved yet.").count(), 0);
  await page.getByText("Nobody will tell you about new messages now").waitFor();
  await check(page, "nobody will be told");
  await page.reload();
  await text.waitFor();
  assert(!await text.isChecked());
  await text.check();
  await save(page);
  assert.equal(await page.getByText("Nobody will tell you").count(), 0);
  await text.uncheck();
  assert.deepEqual([await page.getByText("Your preferences are saved").count(), await page.getByText("Not saved yet.").count()], [0, 1], "what was changed since is not saved");
});

test("a channel that a member never had is no alarm", async (t) => {
  const { page } = await openPreferences(t);
  const email = page.locator(".channel").filter({ hasText: "Email" });
  await email.getByText("We have no address").waitFor();
  assert.equal(await email.locator(".icon").count(), 0, "it warns");
  assert(await email.getByRole("checkbox").isDisabled());
  await check(page, "a channel without an address");
});

test("quiet hours stay as they were set, and go again", async (t) => {
  const { page } = await openPreferences(t);
  const quiet = page.getByRole("checkbox", { name: "Do not tell me at certain hours" });
  await quiet.check();
  await page.getByLabel("From").fill("21:30");
  await page.getByLabel("Until").fill("08:00");
  await check(page, "quiet hours");
  await save(page);
  await page.reload();
  await quiet.waitFor();
  const times = await Promise.all(["From", "Until"].map((label) => page.getByLabel(label).inputValue()));
  assert.deepEqual([await quiet.isChecked(), ...times], [true, "21:30", "08:00"]);
  await quiet.uncheck();
  await save(page);
  await page.reload();
  await quiet.waitFor();
  assert(!await quiet.isChecked());
});

test("an email address that is not confirmed says so and how to mend it, until it is", async (t) => {
  const email = "ana.torres@example.org";
  const { page } = await openPreferences(t, { email, channels: ["sms", "email"] });
  await page.getByText("Not confirmed yet").waitFor();
  await page.getByText("Open the email that we sent you and follow the link in it.").waitFor();
  const address = await page.getByText("@example.org").innerText();
  assert(!address.includes("ana.torres"), `the address is not masked: ${address}`);
  await check(page, "an address that is not confirmed");

  const toConfirm = /http\S+Action=ConfirmSubscription\S+/;
  const mail = await until(async () => (await sentTo(email)).find((text) => toConfirm.test(text)), "the email that asks to confirm");
  assert((await fetch(toConfirm.exec(mail)?.[0] ?? "")).ok);
  await reloadUntil(page, async () => await page.getByText("Works").count() === 2, "the address to work");
});

test("who lost the emails to a mail scanner sees it in Chats, and saving sends the confirmation again", async (t) => {
  const email = "scanned@example.org", toConfirm = /http\S+Action=ConfirmSubscription\S+/, toStop = /http\S+Action=Unsubscribe\S+/;
  const linkIn = (pattern, after = 0) => until(async () => (await sentTo(email)).slice(after).map((text) => pattern.exec(text)?.[0]).find(Boolean), `an email with ${pattern}`);
  const { page } = await openPreferences(t, { email, channels: ["email"] });
  assert((await fetch(await linkIn(toConfirm))).ok);
  const asked = await fetch(`${url}/v1/links`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ contact: email }) });
  assert.equal(asked.status, 202);
  assert((await fetch(await linkIn(toStop))).ok);
  await reloadUntil(page, async () => await page.getByText("Stopped by the link at the end of an email").count() > 0, "the lost channel");
  await page.getByText("Choose email here and save.").waitFor();
  await page.getByRole("navigation").getByRole("link", { name: /^Chats/ }).click();
  await page.getByText("No text and no email can tell you about new messages.").waitFor();
  await check(page, "no channel is left");
  await page.getByRole("main").getByRole("link", { name: "Change this in Preferences" }).click();
  const before = (await sentTo(email)).length;
  await save(page);
  await page.getByText("Emails begin when you follow the link in the email that we send you now").waitFor();
  assert((await fetch(await linkIn(toConfirm, before))).ok);
  await page.getByRole("navigation").getByRole("link", { name: /^Chats/ }).click();
  await page.getByRole("button", { name: "Request a Chat" }).waitFor();
  await page.getByRole("link", { name: "Preferences", exact: true }).click();
  await page.locator("#email-state").getByText("Works").waitFor();
});

test("who texted STOP sees it, and how to go on", async (t) => {
  const { page, member } = await openPreferences(t);
  await fetch(`${inbox}/sms`, { method: "POST", body: JSON.stringify({ from: member.phone, text: "STOP" }) });
  await reloadUntil(page, async () => await page.getByText("Stopped by you").count() > 0, "what the text changed");
  await page.getByText("Text START to the number that our texts come from.").waitFor();
  await check(page, "a channel that was stopped");
});

test("a program is paused and resumed, and Chats says so", async (t) => {
  const { page, member } = await openPreferences(t);
  await page.getByRole("button", { name: /^Pause/ }).click();
  await page.getByText("Paused: you are not told about new messages.", { exact: true }).waitFor();
  await check(page, "a paused program");
  assert.deepEqual((await harbor.careManager("GET", `/members/${member.id}/chats`)).paused, ["diabetes"]);
  await page.getByRole("navigation").getByRole("link", { name: /^Chats/ }).click();
  await page.getByText("Texts and emails about new messages are paused").waitFor();
  await page.getByRole("main").getByRole("link", { name: "Change this in Preferences" }).click();
  await page.getByRole("button", { name: /^Resume/ }).click();
  await page.getByText("You are told about new messages.", { exact: true }).waitFor();
  assert.deepEqual((await harbor.careManager("GET", `/members/${member.id}/chats`)).paused, []);
});
