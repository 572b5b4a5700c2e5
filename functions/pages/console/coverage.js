// Coverage: who is away, from when until when, and who answers meanwhile.

import { Field, Trouble } from "../common/parts.js";
import { EndCoverage } from "./dialogs.js";
import { usePolled } from "./polled.js";
import { useTry } from "./trying.js";
import { html, useEffect, useState } from "../common/vendor/preact-htm.js";
import { moment, words } from "./words.js";

/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {import("./staff.js").Coverage} Coverage */

/** @param {{desk: Desk}} props */
export function CoverageView({ desk }) {
  const covers = desk.me?.covers ?? [], [of, setOf] = useState("me");
  const others = desk.colleagues.filter(({ id }) => id !== desk.me?.id);
  return html`<div class="coverage">
    <h2>${words.views.coverage}</h2>
    <section class="card"><h3>${of === "me" ? words.coverage.mine : words.coverage.ofColleague(desk.colleague(of))}</h3>
      <${Field} id="away" label=${words.coverage.who}><select id="away" value=${of} onChange=${(/** @type {any} */ event) => setOf(event.target.value)}>
        <option value="me">${words.coverage.me}</option>${others.map(({ id, displayName }) => html`<option key=${id} value=${id}>${displayName}</option>`)}</select></${Field}>
      <${Planned} key=${of} desk=${desk} of=${of} />
    </section>
    <section class="card"><h3>${words.coverage.others}</h3>
      ${covers.length ? html`<ul class="facts">${covers.map(({ careManager, from, to }) => html`<li key=${careManager.id + from}>
        <p>${words.coverage.covering(careManager.displayName, moment(from), moment(to))}</p></li>`)}</ul>` : html`<p class="hint">${words.coverage.noneOfOthers}</p>`}
    </section></div>`;
}

/** When a care manager is away, "me" or a colleague of a department of one's own, and a form to say so. @param {{desk: Desk, of: string}} props */
function Planned({ desk, of }) {
  const planned = usePolled(desk, () => desk.staff.coverages(of)).value?.items ?? [];
  return html`${planned.length ? html`<ul class="facts">${planned.map((each) => html`<${Away} key=${each.id} desk=${desk} of=${of} coverage=${each} />`)}</ul>`
    : html`<p class="hint">${of === "me" ? words.coverage.none : words.coverage.noneOf(desk.colleague(of))}</p>`}
    <${AwayForm} desk=${desk} of=${of} />`;
}

/** @param {{desk: Desk, of: string, coverage: Coverage}} props */
function Away({ desk, of, coverage: { id, coverId, from, to } }) {
  const { trouble, attempt } = useTry(desk);
  const end = () => desk.endCoverage(of, id);
  const away = of === "me" ? words.coverage.away : words.coverage.awayOf(desk.colleague(of));
  return html`<li class="away"><p>${away(moment(from), moment(to), desk.colleague(coverId))}</p>
    ${new Date(from) > new Date() ? html`<button type="button" onClick=${() => attempt(end)}>${words.coverage.takeBack}</button>`
      : html`<${EndCoverage} desk=${desk} label=${words.coverage.end} end=${end} />`}<${Trouble} text=${trouble} /></li>`;
}

/** One sentence with three gaps. @param {{desk: Desk, of: string}} props */
function AwayForm({ desk, of }) {
  const [form, setForm] = useState({ from: local(new Date()), to: "", coverId: "" });
  const [said, say] = useState({ text: "", isTrouble: false });
  const move = useMoves(desk);
  const set = (/** @type {keyof typeof form} */ name) => (/** @type {any} */ event) => {
    setForm({ ...form, [name]: event.target.value });
    say({ text: "", isTrouble: false }); // which was of what stood there before
  };
  const away = of === "me" ? desk.me?.id : of, colleagues = desk.colleagues.filter(({ id }) => id !== away);
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!form.from || !form.to || !form.coverId) return say({ text: words.coverage.missing, isTrouble: true });
    if (form.to <= form.from) return say({ text: words.coverage.order, isTrouble: true });
    try {
      await desk.cover(of, { id: `away-${Date.now()}`, coverId: form.coverId, from: new Date(form.from).toISOString(), to: new Date(form.to).toISOString() });
      say({ text: words.coverage.saved(desk.colleague(form.coverId), of === "me" ? "" : desk.colleague(of)), isTrouble: false });
    } catch (problem) {
      say({ text: desk.describe(problem), isTrouble: true });
      if (/** @type {any} */ (problem).status === 401) desk.fail(problem);
    }
  };
  return html`<form onSubmit=${submit}>
    <div class="gaps">
      <${Field} id="away-from" label=${of === "me" ? words.coverage.from : words.coverage.fromOf}><input type="datetime-local" id="away-from" value=${form.from} onInput=${set("from")} /></${Field}>
      <${Field} id="away-to" label=${words.coverage.to}><input type="datetime-local" id="away-to" value=${form.to} onInput=${set("to")} /></${Field}>
      <${Field} id="away-by" label=${of === "me" ? words.coverage.by : words.coverage.byOf}><select id="away-by" value=${form.coverId} onChange=${set("coverId")}>
        <option value="">${words.case.choices}</option>${colleagues.map(({ id, displayName }) => html`<option key=${id} value=${id}>${displayName}</option>`)}</select></${Field}>
    </div>
    ${of === "me" && move && html`<p class="hint">${words.coverage.moves(move.tasks, move.waiting)}</p>`}
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
