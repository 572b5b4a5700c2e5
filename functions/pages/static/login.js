// Logging in: the birth date for a notice's link, and asking for a link.

import { Problem } from "./client.js";
import { h, labelled } from "./dom.js";
import { words } from "./words.js";

/** @typedef {import("./app.js").App} App */

/** Asks who has followed `link` for the birth date. @param {App} app @param {string} link @param {string} intro */
export function birthDateView(app, link, intro) {
  const error = h("p", { class: "error", role: "alert" });
  const month = digits("month", "bday-month", 2);
  const day = digits("day", "bday-day", 2);
  const year = digits("year", "bday-year", 4);
  const button = h("button", { class: "primary" }, words.logIn.submit);
  const form = h("form", { novalidate: true },
    h("fieldset", { "aria-describedby": "birth-hint" },
      h("legend", {}, words.logIn.birthDate),
      h("p", { id: "birth-hint", class: "hint" }, words.logIn.example),
      h("div", { class: "date" }, labelled(words.logIn.month, month), labelled(words.logIn.day, day), labelled(words.logIn.year, year))),
    error, button);

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const birthDate = isoDate(year.value, month.value, day.value);
    if (!birthDate) return void (error.textContent = words.logIn.notADate);
    error.textContent = "";
    button.disabled = true;
    try {
      await app.begin(link, birthDate);
    } catch (problem) {
      if (problem instanceof Problem && problem.code === "link-invalid") return app.askForLink(words.link.invalid);
      error.textContent = problem instanceof Problem && problem.code === "factor-required" ? words.logIn.wrong : app.describe(problem);
      button.disabled = false;
      month.focus();
    }
  });

  const other = h("button", { type: "button", class: "quiet", onclick: () => app.askForLink(words.link.intro) }, words.link.other);
  app.show(card(words.logIn.title, intro, form, other));
  month.focus();
}

/** Asks for a phone number or an email address to send a link to. @param {App} app @param {string} intro */
export function linkView(app, intro) {
  const message = h("p", { role: "status" });
  const contact = h("input", { id: "contact", autocomplete: "on", autocapitalize: "none", spellcheck: "false", required: true });
  const button = h("button", { class: "primary" }, words.link.submit);
  const form = h("form", { novalidate: true }, labelled(words.link.contact, contact), message, button);

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    message.className = "";
    try {
      await app.client.requestLink(asContact(contact.value));
      message.textContent = words.link.sent;
    } catch (problem) {
      message.className = "error";
      message.textContent = problem instanceof Problem && problem.status === 422 ? words.link.malformed : app.describe(problem);
    }
    button.disabled = false;
  });

  app.show(card(words.link.title, intro, form));
}

/** @param {string} title @param {string} intro @param {...Node} children */
function card(title, intro, ...children) {
  return h("section", { class: "card narrow" },
    h("p", { class: "brand" }, words.productName), h("h1", { tabindex: -1 }, title), h("p", {}, intro), ...children);
}

/** @param {string} id @param {string} autocomplete @param {number} length */
function digits(id, autocomplete, length) {
  return h("input", { id, autocomplete, inputmode: "numeric", maxlength: length });
}

/** "1970-02-03", or "" if there is no such day. @param {string} year @param {string} month @param {string} day */
function isoDate(year, month, day) {
  const iso = [year.trim(), month.trim().padStart(2, "0"), day.trim().padStart(2, "0")].join("-");
  const date = new Date(`${iso}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(iso) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso) ? iso : "";
}

/** A phone as people write it becomes one that the API takes; ten digits are a North American number. @param {string} typed */
function asContact(typed) {
  const contact = typed.trim();
  if (contact.includes("@")) return contact;
  const phone = contact.replace(/[\s().-]/g, "");
  if (/^\d{10}$/.test(phone)) return `+1${phone}`;
  return /^1\d{10}$/.test(phone) ? `+${phone}` : phone;
}
