// Coverage: who is away, from when until when, and who answers meanwhile.

import { Field, Trouble } from "../common/parts.js";
import { html, useEffect, useState } from "../common/vendor/preact-htm.js";
import { moment, words } from "./words.js";

/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {import("./staff.js").Coverage} Coverage */

/** @param {{desk: Desk}} props */
export function CoverageView({ desk }) {
  const running = desk.coverages, covers = desk.me?.covers ?? [];
  return html`<div class="coverage">
    <h2>${words.views.coverage}</h2>
    <section class="card"><h3>${words.coverage.mine}</h3>
      ${running.length ? html`<ul class="facts">${running.map((each) => html`<${Away} key=${each.id} desk=${desk} coverage=${each} />`)}</ul>`
        : html`<p class="hint">${words.coverage.none}</p>`}
      <${AwayForm} desk=${desk} />
    </section>
    <section class="card"><h3>${words.coverage.others}</h3>
      ${covers.length ? html`<ul class="facts">${covers.map(({ careManager, from, to }) => html`<li key=${careManager.id + from}>
        <p>${words.coverage.covering(careManager.displayName, moment(from), moment(to))}</p></li>`)}</ul>` : html`<p class="hint">${words.coverage.noneOfOthers}</p>`}
    </section></div>`;
}

/** @param {{desk: Desk, coverage: Coverage}} props */
function Away({ desk, coverage: { id, coverId, from, to } }) {
  const [trouble, setTrouble] = useState("");
  const end = () => desk.endCoverage("me", id).catch((problem) => setTrouble(desk.describe(problem)));
  return html`<li class="away"><p>${words.coverage.away(moment(from), moment(to), desk.colleague(coverId))}</p>
    <button type="button" onClick=${end}>${new Date(from) > new Date() ? words.coverage.takeBack : words.coverage.end}</button><${Trouble} text=${trouble} /></li>`;
}

/** One sentence with three gaps. @param {{desk: Desk}} props */
function AwayForm({ desk }) {
  const [form, setForm] = useState({ from: local(new Date()), to: "", coverId: "" });
  const [said, say] = useState({ text: "", isTrouble: false });
  const move = useMoves(desk);
  const set = (/** @type {keyof typeof form} */ name) => (/** @type {any} */ event) => setForm({ ...form, [name]: event.target.value });
  const colleagues = desk.colleagues.filter(({ id }) => id !== desk.me?.id);
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!form.from || !form.to || !form.coverId) return say({ text: words.coverage.missing, isTrouble: true });
    if (form.to <= form.from) return say({ text: words.coverage.order, isTrouble: true });
    try {
      await desk.cover({ id: `away-${Date.now()}`, coverId: form.coverId, from: new Date(form.from).toISOString(), to: new Date(form.to).toISOString() });
      say({ text: words.coverage.saved(desk.colleague(form.coverId)), isTrouble: false });
    } catch (problem) {
      say({ text: desk.describe(problem), isTrouble: true });
    }
  };
  return html`<form onSubmit=${submit}>
    <div class="gaps">
      <${Field} id="away-from" label=${words.coverage.from}><input type="datetime-local" id="away-from" value=${form.from} onInput=${set("from")} /></${Field}>
      <${Field} id="away-to" label=${words.coverage.to}><input type="datetime-local" id="away-to" value=${form.to} onInput=${set("to")} /></${Field}>
      <${Field} id="away-by" label=${words.coverage.by}><select id="away-by" value=${form.coverId} onChange=${set("coverId")}>
        <option value="">${words.case.choices}</option>${colleagues.map(({ id, displayName }) => html`<option key=${id} value=${id}>${displayName}</option>`)}</select></${Field}>
    </div>
    ${move && html`<p class="hint">${words.coverage.moves(move.tasks, move.waiting)}</p>`}
    ${said.isTrouble ? html`<${Trouble} text=${said.text} />` : html`<p role="status" class="success">${said.text}</p>`}
    <button class="primary">${words.coverage.save}</button>
  </form>`;
}

/** How much the colleague will see: one's own open tasks and waiting threads. @param {Desk} desk */
function useMoves(desk) {
  const [move, setMove] = useState(/** @type {{tasks: string, waiting: string}|undefined} */ (undefined));
  useEffect(() => {
    Promise.all([desk.staff.tasks("mine"), desk.staff.inbox("waiting")]).then(([tasks, inbox]) => {
      const waiting = inbox.body.items.filter(({ owner }) => owner?.id === desk.me?.id).length;
      setMove({ tasks: count(tasks.body.items.length, tasks.body.nextCursor), waiting: count(waiting, inbox.body.nextCursor) });
    }, () => {});
  }, []);
  return move;
}

/** @param {number} n @param {string} [more] */
const count = (n, more) => `${n}${more ? "+" : ""}`;

/** A time as the field wants it, by the reader's own clock. @param {Date} at */
const local = (at) => new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
