// Logging in: the birth date for a notice's link, and asking for a link.

import { Problem } from "../common/client.js";
import { Field, Icon, Trouble, useInSight } from "../common/parts.js";
import { html, useEffect, useRef, useState } from "../common/vendor/preact-htm.js";
import { words } from "./words.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("./page.js").Gate} Gate */

/** What somebody who is not logged in sees. @param {{page: Page, gate: Gate}} props */
export function GateView({ page, gate }) {
  return gate.link ? html`<${BirthDate} key=${gate.link} page=${page} link=${gate.link} intro=${gate.intro()} />`
    : html`<${Contact} page=${page} intro=${gate.intro()} />`;
}

/** @param {{title: string, intro: string, children?: any}} props */
function Welcome({ title, intro, children }) {
  return html`<section class="card welcome">
    <p class="brand"><${Icon} name="heart" />${words.productName}</p>
    <h1 tabindex="-1">${title}</h1><p class="intro">${intro}</p>${children}</section>`;
}

/** Asks who has followed a link for the birth date. @param {{page: Page, link: string, intro: string}} props */
function BirthDate({ page, link, intro }) {
  const form = useRef(/** @type {HTMLFormElement|null} */ (null));
  const [trouble, setTrouble] = useState("");
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    if (isBusy) return;
    const first = form.current?.querySelector("input");
    first?.focus();
    first?.select(); // to be written over
    if (trouble) form.current?.querySelector(".date")?.scrollIntoView({ block: "nearest" });
  }, [trouble]);

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    if (isBusy) return;
    const given = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const birthDate = isoDate(given);
    if (!birthDate) return setTrouble(words.logIn.notADate);
    setTrouble("");
    setBusy(true);
    try {
      await page.begin(link, birthDate);
    } catch (problem) {
      if (problem instanceof Problem && problem.code === "link-invalid") return page.askForLink(() => words.link.invalid);
      setTrouble(problem instanceof Problem && problem.code === "factor-required" ? words.logIn.wrong : page.describe(problem));
      setBusy(false);
    }
  }

  return html`<${Welcome} title=${words.logIn.title} intro=${intro}>
    <form ref=${form} novalidate onSubmit=${submit}>
      <fieldset aria-describedby="birth-hint">
        <legend>${words.logIn.birthDate}</legend>
        <p id="birth-hint" class="hint">${words.logIn.example}</p>
        <${Trouble} text=${trouble} />
        <div class="date">
          <${Digits} id="month" label=${words.logIn.month} autocomplete="bday-month" length=${2} />
          <${Digits} id="day" label=${words.logIn.day} autocomplete="bday-day" length=${2} />
          <${Digits} id="year" label=${words.logIn.year} autocomplete="bday-year" length=${4} />
        </div>
      </fieldset>
      <button class="primary wide" disabled=${isBusy}>${words.logIn.submit}</button>
    </form>
    <button type="button" class="plain" onClick=${() => page.askForLink(() => words.link.intro)}>${words.link.other}</button>
  </${Welcome}>`;
}

/** @param {{id: string, label: string, autocomplete: string, length: number}} props */
function Digits({ id, label, autocomplete, length }) {
  return html`<${Field} id=${id} label=${label}>
    <input id=${id} name=${id} autocomplete=${autocomplete} inputmode="numeric" maxlength=${length} />
  </${Field}>`;
}

/** Asks for a phone number or an email address to send a link to. @param {{page: Page, intro: string}} props */
function Contact({ page, intro }) {
  const [outcome, setOutcome] = useState({ trouble: "", isSent: false, isBusy: false });
  const said = useInSight(outcome.isSent);
  useEffect(() => document.querySelector("h1")?.focus(), []);

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    const contact = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get("contact"));
    setOutcome({ trouble: "", isSent: false, isBusy: true });
    try {
      await page.client.requestLink(asContact(contact));
      setOutcome({ trouble: "", isSent: true, isBusy: false });
    } catch (problem) {
      const trouble = problem instanceof Problem && problem.status === 422 ? words.link.malformed : page.describe(problem);
      setOutcome({ trouble, isSent: false, isBusy: false });
    }
  }

  return html`<${Welcome} title=${words.link.title} intro=${intro}>
    <form novalidate onSubmit=${submit}>
      <${Field} id="contact" label=${words.link.contact}>
        <input id="contact" name="contact" autocomplete="on" autocapitalize="none" spellcheck="false" />
      </${Field}>
      <${Trouble} text=${outcome.trouble} />
      <p class="success" role="status" ref=${said}>${outcome.isSent && html`<${Icon} name="check" /><span>${words.link.sent}</span>`}</p>
      <button class="primary wide" disabled=${outcome.isBusy}>${words.link.submit}</button>
    </form>
  </${Welcome}>`;
}

/** "1970-02-03", or "" if there is no such day. @param {FormData} given */
function isoDate(given) {
  const [year, month, day] = ["year", "month", "day"].map((name) => String(given.get(name)).trim());
  const iso = [year, month.padStart(2, "0"), day.padStart(2, "0")].join("-");
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
