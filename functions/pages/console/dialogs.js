// Closing a task, handing it over, ending a coverage, and the list of keys.

import { Dialog, Field, Trouble, closeDialog, useIsShown } from "../common/parts.js";
import { html, useState } from "../common/vendor/preact-htm.js";
import { words } from "./words.js";

/** @typedef {{desk: import("./desk.js").Desk, open: import("./case.js").Case}} Props */

/** Then the next row opens, never an empty pane. @param {Props} props */
export function CloseDialog({ desk, open }) {
  const { busy, trouble, act, fail } = useAct(desk);
  const [outcome, setOutcome] = useState(""), [note, setNote] = useState("");
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!outcome) return fail(words.case.noOutcome);
    act(() => open.close({ outcome, ...(note.trim() && { note }) }), () => desk.goOn(open));
  };
  const name = open.member.displayName;
  return html`<${Dialog} title=${words.case.close} onClose=${() => desk.show(undefined)}><form onSubmit=${submit}>
    <p class="hint"><bdi>${name}</bdi> · ${open.request?.reason.label}</p>
    <${Field} id="outcome" label=${words.case.outcome}><select id="outcome" autofocus value=${outcome} aria-invalid=${Boolean(trouble && !outcome)} aria-describedby="close-trouble"
      onChange=${(/** @type {any} */ event) => setOutcome(event.target.value)} onKeyDown=${submitOnEnter}>
      <option value="">${words.case.choices}</option>
      ${desk.me?.outcomes.map(({ id, label }) => html`<option key=${id} value=${id}>${label}</option>`)}</select></${Field}>
    <div class="field staff-only"><label for="note">${words.case.note} <span class="hint">(${words.case.optional})</span></label>
      <textarea id="note" rows="2" dir="auto" value=${note} aria-describedby="note-hint" onInput=${(/** @type {any} */ event) => setNote(event.target.value)}></textarea>
      <p id="note-hint" class="hint">${words.case.noteHint(name)}</p></div>
    <${Trouble} id="close-trouble" text=${trouble} />
    <div class="buttons"><button class="primary" disabled=${busy}>${words.case.close}</button>
      <button type="button" class="quiet" onClick=${closeDialog}>${words.cancel}</button></div>
  </form></${Dialog}>`;
}

/** @param {Props} props */
export function AssignDialog({ desk, open }) {
  const { busy, trouble, act } = useAct(desk);
  const [to, setTo] = useState("");
  const departments = desk.me?.departments ?? [], { colleagues } = desk;
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    const [kind, id] = to.split(":"), name = departments.find((each) => kind === "departmentId" && each.id === id)?.name ?? desk.colleague(id);
    if (to) act(() => open.assign({ [kind]: id }, name), () => desk.goOn(open));
  };
  return html`<${Dialog} title=${words.case.assign} onClose=${() => desk.show(undefined)}><form onSubmit=${submit}>
    <p class="hint"><bdi>${open.member.displayName}</bdi> · ${open.program.name}</p>
    <${Field} id="assign-to" label=${words.case.assignTo}><select id="assign-to" autofocus value=${to} onChange=${(/** @type {any} */ event) => setTo(event.target.value)} onKeyDown=${submitOnEnter}>
      <option value="">${words.case.choices}</option>
      ${colleagues.map(({ id, displayName }) => html`<option key=${id} value=${`careManagerId:${id}`}>${displayName}</option>`)}
      ${departments.map(({ id, name }) => html`<option key=${id} value=${`departmentId:${id}`}>${words.case.department(name)}</option>`)}</select></${Field}>
    <${Trouble} text=${trouble} />
    <div class="buttons"><button class="primary" disabled=${busy || !to}>${words.case.assign}</button>
      <button type="button" class="quiet" onClick=${closeDialog}>${words.cancel}</button></div>
  </form></${Dialog}>`;
}

/** @param {Props} props */
export function LinkDialog({ desk, open }) {
  const { busy, trouble, act } = useAct(desk);
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    act(() => open.sendLink(), () => {});
  };
  return html`<${Dialog} title=${words.panel.link} onClose=${() => desk.show(undefined)}><form onSubmit=${submit}>
    <p><bdi>${open.member.displayName}</bdi></p><p class="hint">${words.panel.linkHint}</p>
    <${Trouble} text=${trouble} />
    <div class="buttons"><button class="primary" autofocus disabled=${busy}>${words.panel.link}</button>
      <button type="button" class="quiet" onClick=${closeDialog}>${words.cancel}</button></div>
  </form></${Dialog}>`;
}

/** A button that ends a coverage after a question: whoever is away is not there to see that it has ended. @param {{desk: import("./desk.js").Desk, label: string, end: () => Promise<unknown>}} props */
export function EndCoverage({ desk, label, end }) {
  const { busy, trouble, act } = useAct(desk), [isAsking, ask] = useState(false);
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    act(end, () => ask(false));
  };
  return html`<button type="button" onClick=${() => ask(true)}>${label}</button>
    ${isAsking && html`<${Dialog} title=${words.coverage.endTitle} onClose=${() => ask(false)}><form onSubmit=${submit}>
      <p>${words.coverage.endText}</p><${Trouble} text=${trouble} />
      <div class="buttons"><button class="primary" autofocus disabled=${busy}>${words.coverage.endYes}</button>
        <button type="button" class="quiet" onClick=${closeDialog}>${words.cancel}</button></div></form></${Dialog}>`}`;
}

/** @param {{desk: import("./desk.js").Desk}} props */
export function KeysDialog({ desk }) {
  const { keys } = words;
  /** @type {[string[], string][]} */
  const all = [
    [["j"], keys.next], [["k"], keys.previous], [["Enter"], keys.open], [["Esc"], keys.back], [["r"], keys.reply], [["Ctrl + Enter"], keys.send], [["e"], keys.close],
    [["c"], keys.claim], [["a"], keys.assign], [["n"], keys.nothing], [["l"], keys.link], [["g", "q/i/c/v"], keys.views], [["/"], keys.find], [["]"], keys.panel], [["?"], keys.help],
  ];
  return html`<${Dialog} title=${keys.title} onClose=${() => desk.show(undefined)}>
    <dl class="keys">${all.map(([pressed, what]) => html`<div key=${what}><dt>${pressed.map((each, i) => html`${i > 0 && ` ${keys.then} `}<kbd>${each}</kbd>`)}</dt><dd>${what}</dd></div>`)}</dl>
    <div class="buttons"><button type="button" class="primary" onClick=${closeDialog}>${words.close}</button></div></${Dialog}>`;
}

/** One try at a time, what went wrong in words, and what follows once it is done. Whoever has closed the dialog meanwhile hears of it beside the view. @param {import("./desk.js").Desk} desk */
function useAct(desk) {
  const [busy, setBusy] = useState(false), [trouble, fail] = useState(""), isShown = useIsShown();
  return { busy, trouble, fail, act: async (/** @type {() => Promise<unknown>} */ act, /** @type {() => void} */ done) => {
    setBusy(true);
    fail("");
    try {
      await act();
      if (isShown()) desk.show(undefined);
      done();
    } catch (problem) {
      if (!isShown() || /** @type {any} */ (problem)?.status === 401) return desk.fail(problem);
      fail(desk.describe(problem));
      setBusy(false);
    }
  } };
}

/** In a list Enter submits, as it does in a field. @param {KeyboardEvent} event */
function submitOnEnter(event) {
  if (event.key !== "Enter") return;
  event.preventDefault();
  /** @type {HTMLSelectElement} */ (event.target).form?.requestSubmit();
}
