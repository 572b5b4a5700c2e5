// Phone numbers, email addresses and birth dates as people write and paste them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { birthDate, pastedDate } from "../../functions/pages/member/birthdate.js";
import { asContact } from "../../functions/pages/member/contact.js";
import { check, logIn, openBrowser, phone, sayBirthDate } from "./pages.mjs";
import { freshLink, harbor, linkFor, url } from "./stack.mjs";

test("a phone number is taken as it is written or pasted", () => {
  for (const typed of ["5550100101", "555-010-0101", "(555) 010-0101", "555.010.0101", "555/010/0101", "1 555 010 0101", "+1 (555) 010-0101", "tel:+1-555-010-0101",
    "TEL:5550100101", "sms:+15550100101?body=Hi", "\u202a+1 555\u2011010\u20130101\u202c", "555\u200b010\u00a00101", " 555—010−0101 ", "\u2066(555) 010‐0101\u2069"]) {
    assert.equal(asContact(typed), "+15550100101", JSON.stringify(typed));
  }
  assert.equal(asContact("+44 20 7946 0000"), "+442079460000");
});

test("so is an email address", () => {
  for (const typed of ["ana@example.org", " ana@example.org\n", "mailto:ana@example.org", "mailto:ana@example.org?subject=Hi", "Ana <ana@example.org>",
    "\u202aana@example.org\u202c", "\"Torres, Ana\" <ana@example.org>"]) {
    assert.equal(asContact(typed), "ana@example.org", JSON.stringify(typed));
  }
});

test("what is neither stays what it is", () => {
  for (const typed of ["Ana", "12", "555-010-010", ""]) assert.equal(/^\+1\d{10}$/.test(asContact(typed)), false, typed);
});

test("a birth date names the fields that cannot be right", () => {
  const now = new Date("2026-11-28T12:00:00Z");
  for (const [month, day, year, wrong] of /** @type {const} */ ([
    ["2", "3", "1970", []], ["02", "03", "1970", []], ["2", "29", "1972", []], ["2", "29", "1970", ["day"]], ["13", "3", "1970", ["month"]], ["2", "32", "1970", ["day"]],
    ["2", "3", "70", ["year"]], ["", "", "", ["month", "day", "year"]], ["2", "x", "1970", ["day"]], ["2", "3", "2070", ["year"]], ["11", "28", "2026", []], ["2", "3", "0070", ["year"]],
  ])) assert.deepEqual(birthDate({ month, day, year }, now).wrong, wrong, `${month}/${day}/${year}`);
  assert.equal(birthDate({ month: "2", day: "3", year: "1970" }, now).date, "1970-02-03");
});

test("a date that is pasted is a date", () => {
  for (const text of ["1970-02-03", "2/3/1970", "02.03.1970", " 2 - 3 - 1970 "]) assert.equal(Number(pastedDate(text)?.month), 2, text);
  for (const text of ["2", "1970", "Feb 3", ""]) assert.equal(pastedDate(text), undefined, text);
});

test("a link is asked for with a number that was pasted, and an error names its field", async (t) => {
  const member = await harbor.newMember();
  const { newPage, expect } = await openBrowser(t, phone);
  expect(/^422 POST .v1.links$/);
  const page = await newPage();
  await page.goto(url);
  const field = page.getByLabel("Phone number or email address");
  await field.fill("Ana");
  await page.getByRole("button", { name: "Send Me a Link" }).click();
  await page.getByText("That does not look like a phone number").waitFor();
  await assertNamed(page, field, "That does not look like a phone number");
  await check(page, "no phone number");
  const digits = member.phone.slice(2);
  await field.fill(`tel:\u202a+1 (${digits.slice(0, 3)}) ${digits.slice(3, 6)}\u2011${digits.slice(6)}\u202c`);
  await page.getByRole("button", { name: "Send Me a Link" }).click();
  await page.getByText("We have sent it if we know you.").waitFor();
  assert.equal(await field.getAttribute("aria-invalid"), "false");
  await logIn(page, await linkFor(member.phone), member);
});

/** A field says that it is wrong, and which words say why; it has the focus. */
async function assertNamed(page, field, words) {
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  const id = await field.getAttribute("aria-describedby");
  assert.match(await page.locator(`#${id}`).innerText(), new RegExp(words));
  assert(await field.evaluate((element) => element === document.activeElement), "the focus is elsewhere");
}

test("a birth date that cannot be is not tried, and its field is named", async (t) => {
  const member = await harbor.newMember();
  const { newPage, context } = await openBrowser(t, phone);
  const page = await newPage();
  let tries = 0;
  context.on("request", (request) => (tries += request.postData()?.includes("birthDate") ? 1 : 0));
  await page.goto(await freshLink(member));
  await sayBirthDate(page, "1970-02-31");
  await page.getByText("That is not a date.").waitFor();
  await assertNamed(page, page.getByLabel("Day"), "That is not a date.");
  await sayBirthDate(page, `${new Date().getFullYear() + 44}-02-03`);
  await page.getByText("That date is still to come.").waitFor();
  await assertNamed(page, page.getByLabel("Year"), "That date is still to come.");
  await check(page, "a date to come");
  assert.equal(tries, 0);

  await page.getByLabel("Month").evaluate((field) => {
    const data = new DataTransfer();
    data.setData("text", "2/3/1970");
    field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  });
  assert.deepEqual(await Promise.all(["Month", "Day", "Year"].map((label) => page.getByLabel(label).inputValue())), ["2", "3", "1970"]);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("navigation").waitFor();
  assert.equal(tries, 1);
});

test("who does not read English finds Spanish, and the device remembers it", async (t) => {
  const member = await harbor.newMember({ language: "es" });
  const { newPage } = await openBrowser(t, phone);
  const page = await newPage();
  await page.goto(await freshLink(member));
  await page.getByLabel("Month").fill("2");
  await page.getByRole("button", { name: "Español" }).click();
  await page.getByRole("heading", { name: "Le damos la bienvenida" }).waitFor();
  assert.equal(await page.getByLabel("Mes").inputValue(), "2", "what was typed is gone");
  assert.equal(await page.locator("html").getAttribute("lang"), "es");
  await check(page, "the log-in in Spanish");
  await page.goto(url);
  await page.getByLabel("Número de teléfono o correo electrónico").waitFor();
  await page.getByRole("button", { name: "English" }).click();
  await page.getByLabel("Phone number or email address").waitFor();
});

test("the program that is open in the member's app outlives the link", async (t) => {
  const member = await harbor.newMember({ programs: { diabetes: "cm-rivera", heart: "cm-chen" } });
  for (const program of ["heart", "diabetes"]) {
    const page = await (await openBrowser(t)).newPage();
    const link = await freshLink(member);
    await page.goto(link.replace("/#", `/?program=${program}#`));
    await sayBirthDate(page, member.birthDate);
    await page.getByRole("button", { name: "Request a Chat" }).click();
    assert.equal(await page.getByLabel("Program").inputValue(), program);
  }
});
