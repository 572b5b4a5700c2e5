// A browser whose every complaint is kept, and what a member does with the page.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";

const pictures = fileURLToPath(new URL("../../.cache/screenshots/", import.meta.url));

/** The browser that run.sh found, or playwright's own. */
export const openBrowser = () => chromium.launch({ executablePath: process.env.CHROMIUM || undefined });

/** A page that works as a phone or a desk would show it. `complaints` are errors, `refusals` are answers of 400 and above. */
export async function openPage(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 820, height: 1000 }, locale: "en-US", ...options });
  context.setDefaultTimeout(15_000);
  const watched = { context, complaints: [], refusals: [], newPage };

  async function newPage() {
    const page = await context.newPage();
    await page.addInitScript(() => document.addEventListener("securitypolicyviolation", (e) => console.error(`CSP: ${e.violatedDirective} ${e.blockedURI}`)));
    page.on("pageerror", (error) => watched.complaints.push(String(error.stack)));
    page.on("dialog", (dialog) => { watched.complaints.push(`a ${dialog.type()} said ${dialog.message()}`); dialog.dismiss(); });
    page.on("console", (message) => {
      // What the browser itself says of a refused or lost call of the API is in `refusals`, or was made to happen.
      const isNetwork = message.text().startsWith("Failed to load resource") && message.location().url.includes("/v1/");
      if (["error", "warning"].includes(message.type()) && !isNetwork) watched.complaints.push(message.text());
    });
    page.on("response", (answer) => {
      if (answer.status() >= 400) watched.refusals.push(`${answer.status()} ${answer.request().method()} ${new URL(answer.url()).pathname}`);
    });
    return page;
  }

  watched.page = await newPage();
  return watched;
}

/** Nothing went wrong but what had to be refused. */
export function assertCalm(watched, refusals = []) {
  assert.deepEqual(watched.complaints, []);
  assert.deepEqual(watched.refusals, refusals);
}

/** Keeps a picture of the view, and checks that everybody can use it. */
export async function look(page, name) {
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: `${pictures}${name}.png` });
  const { violations } = await new AxeBuilder({ page }).analyze();
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`), [], name);
  assert(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} is wider than the screen`);
}

/** Says when one was born, and presses Enter. */
export async function sayBirthDate(page, month, day, year) {
  await page.getByLabel("Month").fill(month);
  await page.getByLabel("Day", { exact: true }).fill(day);
  await page.getByLabel("Year").fill(year);
  await page.getByLabel("Year").press("Enter");
}

/** Follows a link and logs in. */
export async function logIn(page, link) {
  await page.goto(link);
  await sayBirthDate(page, "2", "3", "1970");
  await page.getByRole("button", { name: "Log Out" }).waitFor();
}

/** Asks for a chat. */
export async function requestChat(page, reason, comment) {
  await page.getByRole("button", { name: "Request a Chat" }).click();
  const dialog = page.getByRole("dialog", { name: "Request a Chat" });
  await dialog.getByLabel("Reason").selectOption({ label: reason });
  await dialog.getByLabel("Comment").fill(comment);
  await dialog.getByRole("button", { name: "Submit Request" }).click();
  await dialog.waitFor({ state: "detached" });
}

export const confirmation = (page) => page.getByRole("article", { name: "Your request was sent" });
export const messages = (page) => page.getByRole("list", { name: "Messages" }).getByRole("listitem");
export const messageBox = (page) => page.getByLabel("Message", { exact: true });
