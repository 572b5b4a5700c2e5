// What a care manager does with the console, and the people whom it is about.

import { dialog, openBrowser } from "./pages.mjs";
import { harbor, url } from "./stack.mjs";

/** @typedef {import("playwright-core").Page} Page */

let made = 0;

/** A care manager of the test's own, in a department of their own unless one is named. */
export async function newCareManager(name = "Robin Vega", department) {
  const id = `cm-${process.pid}-${++made}`;
  if (!department) await harbor.platform("PUT", `/departments/${id}`, { name: `Team of ${name}` });
  await harbor.platform("PUT", `/care-managers/${id}`, { displayName: name, departmentIds: [department ?? id], active: true });
  return { id, name, department: department ?? id };
}

/** A member whom a care manager looks after. */
export async function newMemberOf(careManager, displayName, more = {}) {
  return harbor.newMember({ programs: { diabetes: careManager.id }, displayName, ...more });
}

/** Waits until the page has a title. @param {import("playwright-core").Page} page */
export const titled = (page, title) => page.waitForFunction((wanted) => document.title === wanted, title);

/** Asks for a chat, as the member. */
export function ask(member, comment, reasonId = "symptoms", programId = "diabetes") {
  return harbor.as({ role: "member", subject: member.id }, "POST", "/members/me/chat-requests", { programId, reasonId, comment }, { "Idempotency-Key": crypto.randomUUID() });
}

/** A care manager who has signed in. */
export async function signedIn(t, careManager, { options = {}, path = "/console" } = {}) {
  const watched = await openBrowser(t, options);
  const page = await watched.newPage();
  await page.goto(url + path);
  await signIn(page, careManager);
  return { watched, page };
}

/** @param {Page} page */
export async function signIn(page, careManager) {
  await page.getByRole("button", { name: /Harbor Care$/ }).click();
  await page.getByLabel("Somebody else").fill(careManager.id);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("navigation").first().waitFor();
}

/** The row of a person. @param {Page} page */
export const row = (page, name) => page.locator(".row").filter({ hasText: name });
/** The heading of whoever is open. @param {Page} page */
export const opened = (page, name) => page.getByRole("heading", { level: 2, name, exact: true });
/** @param {Page} page */
export const box = (page) => page.getByRole("textbox", { name: "Message" });

/** @param {Page} page */
export async function openRow(page, name) {
  await row(page, name).getByRole("link").click();
  await opened(page, name).waitFor();
}

/** Closes the task of whoever is open. @param {Page} page */
export async function closeTask(page, outcome = "Answered in the chat") {
  await page.getByRole("button", { name: "Close Task" }).click();
  const form = dialog(page, "Close Task");
  await form.getByLabel("Outcome").selectOption({ label: outcome });
  await form.getByRole("button", { name: "Close Task" }).click();
  await form.waitFor({ state: "detached" });
}

