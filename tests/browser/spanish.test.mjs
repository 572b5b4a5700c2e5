// The page in Spanish, for a member whose language that is.

import assert from "node:assert/strict";
import { test } from "node:test";
import { en } from "../../functions/pages/member/words.en.js";
import { es } from "../../functions/pages/member/words.es.js";
import { checkWidth, logIn, lookNow, openBrowser, phone } from "./pages.mjs";
import { freshLink, harbor } from "./stack.mjs";

/** The English sentences and names of the page that Spanish has other words for. */
const english = sentences(en).filter((text) => !sentences(es).includes(text) && text !== en.language); // a switch names each language in itself

function sentences(words) {
  const all = Object.values(words).flatMap((value) => typeof value === "object" ? sentences(value) : [value]);
  return all.filter((value) => typeof value === "string" && value.length > 2);
}

/** A text that is no part of a longer word. */
const asWords = (text) => new RegExp(`(?<!\\p{L})${text.replace(/[.?()]/g, "\\$&")}(?!\\p{L})`, "u");

/** Everything in a view is Spanish, what a screen reader says too. */
async function assertSpanish(page, view) {
  assert.equal(await page.locator("html").getAttribute("lang"), "es");
  const said = `${await page.locator("body").innerText()}\n${await page.locator("body").ariaSnapshot()}`;
  assert.deepEqual(english.filter((text) => asWords(text).test(said)), [], `${view} is not all Spanish`);
  await checkWidth(page, view);
}

test("a member whose language is Spanish sees Spanish, before the log-in by the browser's language", async (t) => {
  const member = await harbor.newMember({ language: "es", displayName: "Benita Ortiz" });
  const { newPage } = await openBrowser(t, { ...phone, locale: "es-MX" });
  const page = await newPage();
  await page.goto(await freshLink(member));
  await page.getByRole("heading", { name: es.logIn.title }).waitFor();
  await assertSpanish(page, "the log-in");
  await logIn(page, await freshLink(member), member);
  await page.getByText(es.list.none).waitFor();
  await assertSpanish(page, "no chats");

  await page.getByRole("button", { name: es.request.open }).click();
  const form = page.getByRole("dialog", { name: es.request.open });
  await form.getByText("Cuéntele a su equipo de cuidado").waitFor();
  await form.getByLabel(es.request.reason).selectOption({ label: "Mis medicamentos" });
  await form.getByLabel(es.request.comment).fill("Me duele la cabeza");
  await assertSpanish(page, "the request");
  await form.getByRole("button", { name: es.request.submit }).click();
  await page.getByRole("article", { name: es.request.confirmed }).getByText("Me duele la cabeza").waitFor();
  await page.getByRole("button", { name: es.request.cancel }).click();
  await assertSpanish(page, "the question before cancelling");
  await page.getByRole("button", { name: es.request.cancelNo }).click();
  const { thread } = await harbor.write(member, "Hola Benita");
  await lookNow(page);
  await page.getByRole("navigation").getByRole("link", { name: `${es.chats}, ${es.unread(1)}`, exact: true }).waitFor();
  await assertSpanish(page, "the list");
  await page.getByRole("region", { name: es.list.unread }).getByRole("link").click();
  await page.getByText("Hola Benita").waitFor();
  await page.getByLabel(es.talk.message, { exact: true }).fill("Gracias");
  await page.getByRole("button", { name: es.talk.send, exact: true }).click();
  await page.getByRole("listitem").getByText(es.talk.sent, { exact: true }).waitFor();
  assert.deepEqual(await harbor.storedTexts(member, thread), ["Hola Benita", "Gracias"]);
  await assertSpanish(page, "the conversation");
});
