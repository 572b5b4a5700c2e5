// A browser whose every complaint fails the test, and what a member does with the page.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";
import { freshLink, harbor } from "./stack.mjs";

/** @typedef {import("playwright-core").Page} Page */

export const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
export const desk = { viewport: { width: 1080, height: 720 } };

/** @type {import("playwright-core").Browser} */
let browser;

before(async () => {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM });
});
after(() => browser?.close());

/**
 * A browser of the test's own. The test fails if there was an error or a warning, a violation of the Content-Security-Policy, a dialog of
 * the browser's, or an answer of 400 and above that the test did not say it would `expect`.
 */
export async function openBrowser(t, options = {}) {
  const context = await browser.newContext({ ...desk, locale: "en-US", timezoneId: "America/New_York", ...options });
  context.setDefaultTimeout(60_000); // which nothing but a fault uses up, on a busy machine either
  const complaints = [], foreseen = [], refused = new Set();
  // The page asks whose link it is before anybody says a birth date; and a machine that is too busy says so, and is read again.
  const expected = [/^403 POST .v1.sessions$/, /^503 GET /];
  context.on("weberror", (thrown) => complaints.push(String(thrown.error().stack)));
  context.on("dialog", (dialog) => { complaints.push(`a ${dialog.type()} said ${dialog.message()}`); dialog.dismiss(); });
  context.on("console", (message) => {
    // What the browser itself says of a refused or lost call of the API is in `refused`, or was made to happen.
    const isNetwork = message.text().startsWith("Failed to load resource") && message.location().url.includes("/v1/");
    if (["error", "warning"].includes(message.type()) && !isNetwork) complaints.push(message.text());
  });
  context.on("response", (answer) => {
    if (answer.status() >= 400) refused.add(`${answer.status()} ${answer.request().method()} ${new URL(answer.url()).pathname}`);
  });
  await context.addInitScript(() => document.addEventListener("securitypolicyviolation", (e) => console.error(`CSP: ${e.violatedDirective} ${e.blockedURI}`)));
  t.after(async () => {
    if (t.passed === false) for (const page of context.pages()) t.diagnostic(await whatItShows(page, refused));
    await Promise.all([context, ...context.pages()].map((each) => each.unrouteAll({ behavior: "ignoreErrors" }))); // what is on its way ends with the page
    await context.close();
    assert.deepEqual(complaints.filter((each) => !foreseen.some((pattern) => pattern.test(each))), []);
    assert.deepEqual([...refused].filter((each) => !expected.some((pattern) => pattern.test(each))), []);
  });
  return { context, newPage: () => context.newPage(), expect: (pattern) => expected.push(pattern), expectComplaint: (pattern) => foreseen.push(pattern) };
}

/** What a page shows, in words, when its test has failed: the only trace if it happens on another machine. @param {Page} page */
const whatItShows = async (page, refused) => [page.url(), ...refused, await page.locator("body").ariaSnapshot().catch(String)].join("\n");

/** A member of the test's own who has followed a link and logged in. */
export async function comeIn(t, { options = {}, organization = harbor, member = undefined, ...profile } = {}) {
  member ??= await organization.newMember(profile);
  const [watched, link] = await Promise.all([openBrowser(t, options), freshLink(member)]);
  const page = await watched.newPage();
  await logIn(page, link, member);
  return { watched, page, member, link };
}

/** A member of the test's own in a thread that a care manager has begun. */
export async function inThread(t, options) {
  const member = await harbor.newMember();
  const { thread } = await harbor.write(member, "Hello");
  const visit = await comeIn(t, { member, options });
  await openThread(visit.page);
  await messages(visit.page).getByText("Hello").waitFor();
  return { ...visit, thread, stored: () => harbor.storedTexts(member, thread) };
}

/** A message is shown once, as sent. @param {Page} page */
export async function shownAsSent(page, text) {
  const shown = messages(page).filter({ hasText: text });
  await shown.getByRole("time").waitFor();
  assert.deepEqual([await shown.count(), await shown.getByRole("button").count()], [1, 0]);
}

/** Follows a link and says when one was born. @param {Page} page */
export async function logIn(page, link, { birthDate }) {
  await page.goto(link);
  await sayBirthDate(page, birthDate);
  await page.getByRole("navigation").waitFor();
}

/** Says when one was born, and presses Enter. @param {Page} page */
export async function sayBirthDate(page, birthDate) {
  const [year, month, day] = birthDate.split("-");
  const fields = page.getByRole("textbox"); // in this order, in English and in Spanish
  for (const [i, digits] of [month, day, year].entries()) await fields.nth(i).fill(digits);
  await fields.nth(2).press("Enter");
}

/** What opens the form, for a request that was begun too. @param {Page} page */
export const askButton = (page) => page.getByRole("button", { name: /^(Request a Chat|Continue)$/ });

/** Asks for a chat. @param {Page} page @param {string} [program]  Its name, if it shall not be the one that is chosen already. */
export async function requestChat(page, reason, comment, program) {
  await askButton(page).click();
  const form = dialog(page, "Request a Chat");
  if (program) await form.getByLabel("Program").selectOption({ label: program });
  await form.getByLabel("Reason").selectOption({ label: reason });
  await form.getByLabel("Comment").fill(comment);
  await form.getByRole("button", { name: "Submit Request" }).click();
  await form.waitFor({ state: "detached" });
}

/** The page reads at once when it gets the focus. @param {Page} page */
export const lookNow = (page) => page.evaluate(() => void dispatchEvent(new Event("focus")));

/** Opens the thread with a care manager. @param {Page} page */
export async function openThread(page, careManager = "Sam Rivera") {
  await activeChats(page).filter({ hasText: careManager }).click();
  await page.getByRole("heading", { name: careManager }).waitFor();
}

/** @param {Page} page */
export const dialog = (page, name) => page.getByRole("dialog", { name });
/** @param {Page} page */
export const confirmation = (page) => page.getByRole("article", { name: "Your request was sent" });
/** The link in the navigation, by its whole accessible name; in a chat it leads back. @param {Page} page */
export const dot = (page, name) => page.getByRole("navigation").getByRole("link", { name: new RegExp(`^(${name}|Back to ${name})$`) });
/** Leaves a chat. @param {Page} page */
export const goBack = (page) => page.getByRole("link", { name: /^Back to Chats/ }).click();
/** @param {Page} page */
export const activeChats = (page) => page.getByRole("region", { name: /^(New Messages|Active Chats)$/ }).getByRole("link");
/** @param {Page} page */
export const messages = (page) => page.getByRole("list", { name: "Messages" }).getByRole("listitem");
/** @param {Page} page */
export const messageBox = (page) => page.getByLabel("Message", { exact: true });
/** @param {Page} page */
export const sendButton = (page) => page.getByRole("button", { name: "Send", exact: true });

/**
 * Checks that everybody can use a view: nothing that axe finds, in the dark and in the light, and nothing wider than the screen. In the dark
 * only colours differ. @param {Page} page
 */
export async function check(page, name) {
  await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" }); // or colours would be on their way
  await checkAxe(page, `${name}, in the dark`, (axe) => axe.withRules("color-contrast"));
  await page.emulateMedia({ colorScheme: "light" });
  await checkAxe(page, name);
  await page.emulateMedia({ reducedMotion: null });
  await checkWidth(page, name);
}

/** Nothing that axe finds. @param {Page} page */
export async function checkAxe(page, name, only = (axe) => axe) {
  const axe = new AxeBuilder({ page }).setLegacyMode(); // without a page of its own for frames, of which there are none
  const { violations } = await only(axe).analyze();
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`), [], name);
}

/** Nothing is wider than the screen. @param {Page} page */
export async function checkWidth(page, name) {
  assert(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} is wider than the screen`);
}

const pictures = fileURLToPath(new URL("../../docs/screenshots/", import.meta.url));

/** With SCREENSHOTS=1 keeps a picture of a view for the README. @param {Page} page */
export async function picture(page, name) {
  if (!process.env.SCREENSHOTS) return;
  mkdirSync(pictures, { recursive: true });
  await page.mouse.move(0, 0); // nothing is pointed at
  await page.screenshot({ path: `${pictures}${name}.png`, animations: "disabled", caret: "hide" });
}
