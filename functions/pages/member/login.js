// Logging in: the birth date for a notice's link, and asking for a link.

import { Problem } from "../client/client.js";
import { Field, Icon, Trouble, useInSight } from "../common/parts.js";
import { html, useEffect, useRef, useState } from "../common/vendor/preact-htm.js";
import { birthDate, pastedDate } from "./birthdate.js";
import { asContact } from "./contact.js";
import { languages, words } from "./words.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("./page.js").Gate} Gate */

/** What somebody who is not logged in sees. @param {{page: Page, gate: Gate}} props */
export function GateView({ page, gate }) {
  return gate.link ? html`<${BirthDate} key=${gate.link} page=${page} link=${gate.link} gate=${gate} />`
    : html`<${Contact} page=${page} gate=${gate} />`;
}

/** Whose page this is comes first: the text that led here named them. @param {{page: Page, gate: Gate, title: string, children?: any}} props */
function Welcome({ page, gate, title, children }) {
  const name = gate.organization?.name;
  return html`<section class="card welcome">
    <p class="brand"><${Icon} name="heart" /><bdi>${name ?? words.productName}</bdi>${name && html`<span>${words.productName}</span>`}</p>
    <h1 tabindex="-1">${title}</h1><p class="intro">${name && html`${words.logIn.pageOf(name)}${" "}`}${gate.intro()}</p>${children}
    <${Languages} page=${page} spoken=${gate.organization?.languages} /></section>`;
}

/** A switch to each language that the organization speaks too. @param {{page: Page, spoken?: string[]}} props */
function Languages({ page, spoken }) {
  const others = Object.entries(languages).filter(([tag, { locale }]) => locale !== words.locale && (!spoken || spoken.includes(tag)));
  return html`<p class="languages">${others.map(([tag, { language }]) => html`
    <button type="button" class="plain" lang=${tag} key=${tag} onClick=${() => page.choose(tag)}>${language}</button>`)}</p>`;
}

/** @typedef {{text: () => string, fields: string[]}} Wrong  What to say, in the language of that moment, and which fields it is about. */
/** @type {Wrong} */
const nothing = { text: () => "", fields: [] };
const everyField = ["month", "day", "year"];

/** Asks who has followed a link for the birth date. @param {{page: Page, link: string, gate: Gate}} props */
function BirthDate({ page, link, gate }) {
  const form = useRef(/** @type {HTMLFormElement|null} */ (null));
  const [wrong, setWrong] = useState(nothing);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    if (isBusy) return;
    const first = form.current?.querySelector("[aria-invalid=true]") ?? form.current?.querySelector("input");
    /** @type {HTMLInputElement} */ (first)?.focus({ preventScroll: true });
    /** @type {HTMLInputElement} */ (first)?.select(); // to be written over
    if (wrong !== nothing) for (const each of [".date", ".error"]) form.current?.querySelector(each)?.scrollIntoView({ block: "nearest" });
  }, [wrong]);

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    if (isBusy) return;
    const { date, wrong, isFuture } = birthDate(given(/** @type {HTMLFormElement} */ (event.target)), new Date());
    if (!date) return setWrong({ text: () => isFuture ? words.logIn.future : words.logIn.notADate, fields: wrong });
    setWrong(nothing);
    setBusy(true);
    try {
      await page.begin(link, date);
    } catch (problem) {
      if (problem instanceof Problem && problem.code === "link-invalid") return page.askForLink(() => words.link.invalid);
      setWrong(refusal(page, gate, problem));
      setBusy(false);
    }
  }

  return html`<${Welcome} page=${page} gate=${gate} title=${words.logIn.title}>
    <form ref=${form} novalidate onSubmit=${submit} onPaste=${paste}>
      <fieldset aria-describedby="birth-hint">
        <legend>${words.logIn.birthDate}</legend>
        <p id="birth-hint" class="hint">${words.logIn.example}</p>
        <${Trouble} id="birth-wrong" text=${wrong.text()} />
        <div class="date">
          <${Digits} id="month" label=${words.logIn.month} autocomplete="bday-month" length=${2} wrong=${wrong} />
          <${Digits} id="day" label=${words.logIn.day} autocomplete="bday-day" length=${2} wrong=${wrong} />
          <${Digits} id="year" label=${words.logIn.year} autocomplete="bday-year" length=${4} wrong=${wrong} />
        </div>
      </fieldset>
      <button class="primary wide" disabled=${isBusy}>${words.logIn.submit}</button>
    </form>
    <button type="button" class="plain" onClick=${() => page.askForLink(() => words.link.intro)}>${words.link.other}</button>
  </${Welcome}>`;
}

/** @param {{id: string, label: string, autocomplete: string, length: number, wrong: Wrong}} props */
function Digits({ id, label, autocomplete, length, wrong }) {
  const isWrong = wrong.fields.includes(id);
  return html`<${Field} id=${id} label=${label}>
    <input id=${id} name=${id} autocomplete=${autocomplete} inputmode="numeric" maxlength=${length} aria-invalid=${isWrong}
      aria-describedby=${isWrong ? "birth-wrong" : undefined} />
  </${Field}>`;
}

/** @param {HTMLFormElement} form */
function given(form) {
  const data = new FormData(form);
  const [year, month, day] = ["year", "month", "day"].map((name) => String(data.get(name)).trim());
  return { year, month, day };
}

/** A whole date that is pasted into one field fills all three. @param {ClipboardEvent} event */
function paste(event) {
  const date = pastedDate(event.clipboardData?.getData("text") ?? "");
  const form = /** @type {HTMLElement} */ (event.target).closest("form");
  if (!date || !form) return;
  event.preventDefault();
  for (const [name, digits] of Object.entries(date)) /** @type {HTMLInputElement} */ (form.elements.namedItem(name)).value = digits;
}

/** Why a date was not taken. Whoever is locked out needs somebody to call. @param {Page} page @param {Gate} gate @param {any} problem @returns {Wrong} */
function refusal(page, gate, problem) {
  if (problem.code === "factor-required") return { text: () => words.logIn.wrong, fields: everyField };
  if (problem.reason === "askCareTeam") return { text: () => words.logIn.locked(gate.organization?.name), fields: [] };
  const text = page.explain(problem);
  return { text: problem.status === 429 ? () => `${text()} ${words.logIn.locked(gate.organization?.name)}` : text, fields: [] };
}

const unasked = { text: /** @returns {string} */ () => "", isSent: false, isBusy: false, isWrong: false };

/** Asks for a phone number or an email address to send a link to. @param {{page: Page, gate: Gate}} props */
function Contact({ page, gate }) {
  const [outcome, setOutcome] = useState(unasked);
  const said = useInSight(outcome.isSent);
  const field = useRef(/** @type {HTMLInputElement|null} */ (null));
  useEffect(() => document.querySelector("h1")?.focus(), []);
  useEffect(() => {
    if (outcome.isWrong) field.current?.focus();
  }, [outcome]);

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    setOutcome({ ...unasked, isBusy: true });
    try {
      await page.client.askForLink(asContact(field.current?.value ?? ""));
      setOutcome({ ...unasked, isSent: true });
    } catch (problem) {
      const isWrong = problem instanceof Problem && problem.status === 422;
      setOutcome({ ...unasked, text: isWrong ? () => words.link.malformed : page.explain(problem), isWrong });
    }
  }

  return html`<${Welcome} page=${page} gate=${gate} title=${words.link.title}>
    <form novalidate onSubmit=${submit}>
      <${Field} id="contact" label=${words.link.contact}>
        <input id="contact" name="contact" ref=${field} autocomplete="on" autocapitalize="none" spellcheck="false" aria-invalid=${outcome.isWrong}
          onInput=${() => outcome.isSent && setOutcome(unasked)} aria-describedby=${outcome.isWrong ? "contact-wrong" : undefined} />
      </${Field}>
      <${Trouble} id="contact-wrong" text=${outcome.text()} />
      <p class="success" role="status" ref=${said}>${outcome.isSent && html`<${Icon} name="check" /><span>${words.link.sent}</span>`}</p>
      <button class="primary wide" disabled=${outcome.isBusy}>${words.link.submit}</button>
    </form>
  </${Welcome}>`;
}
