// The dialogs of a chat request: making one, changing its reason, cancelling it.

import { Problem, newKey } from "../client/client.js";
import { Dialog, Emergency, Failed, Field, Loading, Trouble, closeDialog, codePoints, focusHeading, useIsShown, useLoaded } from "../common/parts.js";
import { html, useEffect, useLayoutEffect, useRef, useState } from "../common/vendor/preact-htm.js";
import { words } from "./words.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("../client/types").ChatRequest} ChatRequest */
/** @typedef {import("../client/types").RequestForm} Form */
/** @typedef {import("./page.js").Draft} Draft */
/** @typedef {{kind: "new"}|{kind: "change"|"cancel", request: ChatRequest}} Asked  Which dialog is open. */

/** @param {{page: Page, asked: Asked, onClose: () => void}} props */
export function RequestDialog({ page, asked, onClose }) {
  if (asked.kind === "new") return html`<${Dialog} title=${words.request.open} onClose=${onClose}><${NewRequest} page=${page} /></${Dialog}>`;
  const { request } = asked;
  if (asked.kind === "change") {
    return html`<${Dialog} title=${words.request.changeReason} onClose=${onClose}>
      <${Change} page=${page} request=${request} /></${Dialog}>`;
  }
  return html`<${Dialog} title=${words.request.cancelTitle} onClose=${onClose}>
    <${Action} page=${page} yes=${words.request.cancelYes} no=${words.request.cancelNo} act=${() => page.cancel(request.id)}
      done=${words.request.cancelled}><p>${words.request.cancelText}</p></${Action}></${Dialog}>`;
}

/** @param {{page: Page}} props */
function NewRequest({ page }) {
  const { value: form, trouble, again } = useLoaded(page, () => page.client.getRequestForm(page.openProgram));
  return form ? html`<${RequestForm} page=${page} form=${form} />` : html`<${Waiting} trouble=${trouble} again=${again} />`;
}

/** A dialog whose form is not there yet. @param {{trouble: string, again: () => void}} props */
function Waiting({ trouble, again }) {
  return html`${trouble ? html`<${Failed} text=${trouble} again=${again} />` : html`<${Loading} cards=${2} />`}
    <div class="buttons"><button type="button" class="quiet" onClick=${closeDialog}>${words.close}</button></div>`;
}

/** What is written stays until it was submitted, over a reload too. @param {{page: Page, form: Form}} props */
function RequestForm({ page, form }) {
  const asked = new Set(page.chats?.requests.map(({ program }) => program.id));
  const [draft, setDraft] = useState(() => firstDraft(page.draft, form, asked));
  const [trouble, setTrouble] = useState("");
  const [isBusy, setBusy] = useState(false), isShown = useIsShown();
  useEffect(() => document.getElementById("reason")?.focus(), []);

  /** @param {Draft} next */
  function keep(next) {
    page.draft = next;
    setDraft(next);
  }
  /** Another request gets another key. @param {Partial<Draft>} change */
  const write = (change) => keep({ ...draft, ...change, key: undefined });

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    if (missing || isBusy) return;
    const tried = { ...draft, key: draft.key ?? newKey() };
    keep(tried);
    setTrouble("");
    setBusy(true);
    try {
      page.asked(await page.client.requestChat(tried, tried.key));
      page.draft = undefined;
      finish(page, isShown(), words.request.confirmed);
    } catch (problem) {
      setBusy(false);
      setTrouble(page.describe(problem));
      afterRefusal(page, problem);
    }
  }

  const count = codePoints(draft.comment.trim());
  const missing = whatIsMissing(draft.reasonId !== "", count, form.comment.maxLength);
  const recipient = form.programs.find(({ id }) => id === draft.programId)?.owner.displayName ?? "";
  return html`<form novalidate onSubmit=${submit}>
    <p dir="auto">${form.intro}</p>
    <${Emergency} text=${form.emergency} />
    <${Programs} form=${form} asked=${asked} chosen=${draft.programId}
      choose=${(/** @type {string} */ programId) => write(otherProgram(form, draft, programId))} />
    <${Reasons} form=${form} programId=${draft.programId} chosen=${draft.reasonId}
      choose=${(/** @type {string} */ reasonId) => write({ reasonId })} />
    <${Field} id="comment" label=${words.request.comment}>
      <textarea id="comment" rows="3" dir="auto" placeholder=${words.request.commentHint} aria-describedby="counter" value=${draft.comment}
        onInput=${(/** @type {any} */ event) => write({ comment: event.target.value })}></textarea>
      <p id="counter" class="hint">${words.request.counter(count, form.comment.maxLength)}</p>
    </${Field}>
    <${Trouble} text=${trouble} />
    <p id="why" class="why" role="status">${missing || words.request.ready(recipient)}</p>
    <div class="buttons">
      <button class="primary" disabled=${missing !== "" || isBusy} aria-describedby="why">${isBusy ? words.request.submitting : words.request.submit}</button>
      <button type="button" class="quiet" onClick=${closeDialog}>${words.close}</button>
    </div>
  </form>`;
}

/** @param {{form: Form, asked: Set<string>, chosen: string, choose: (programId: string) => void}} props */
function Programs({ form, asked, chosen, choose }) {
  const options = form.programs.map(({ id, name, owner }) => {
    const text = words.request.programOf(name, owner.displayName);
    return { id, isOff: asked.has(id), text: asked.has(id) ? `${text} (${words.request.asked})` : text };
  });
  return html`<${Choice} id="program" label=${words.request.program} options=${options} chosen=${chosen} choose=${choose} />`;
}

/** @param {{form: Form, programId: string, chosen: string, choose: (reasonId: string) => void}} props */
function Reasons({ form, programId, chosen, choose }) {
  const options = reasonsOf(form, programId).map(({ id, label }) => ({ id, text: label, isOff: false }));
  return html`<${Choice} id="reason" label=${words.request.reason} options=${[{ id: "", text: words.request.chooseReason, isOff: false }, ...options]}
    chosen=${chosen} choose=${choose} />`;
}

/** @typedef {{id: string, text: string, isOff: boolean}} Option */

/** A native list. It shows its choice in one line: what does not fit stands below it too. @param {{id: string, label: string, options: Option[], chosen: string, choose: (id: string) => void}} props */
function Choice({ id, label, options, chosen, choose }) {
  const list = useRef(/** @type {HTMLSelectElement|null} */ (null)), [isCut, setCut] = useState(false);
  const text = options.find((option) => option.id === chosen)?.text ?? "";
  useLayoutEffect(() => setCut(list.current !== null && widthOf(text, list.current) > roomIn(list.current)));
  return html`<${Field} id=${id} label=${label}>
    <select id=${id} ref=${list} value=${chosen} onChange=${(/** @type {any} */ event) => choose(event.target.value)}>
      ${options.map(({ id, text, isOff }) => html`<option key=${id} value=${id} disabled=${isOff}>${text}</option>`)}
    </select>${isCut && html`<p class="hint" aria-hidden="true" dir="auto">${text}</p>`}</${Field}>`;
}

/** How many pixels a text takes in one line. @param {string} text @param {HTMLElement} element  Whose letters it has. */
function widthOf(text, element) {
  const drawing = document.createElement("canvas").getContext("2d");
  if (!drawing) return 0;
  drawing.font = getComputedStyle(element).font;
  return drawing.measureText(text).width;
}

/** How many pixels a native list has for a text beside its arrow. @param {HTMLSelectElement} list */
function roomIn(list) {
  const { paddingLeft, paddingRight } = getComputedStyle(list), arrow = 20;
  return list.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight) - arrow;
}

/** @param {{page: Page, request: ChatRequest}} props */
function Change({ page, request }) {
  const { value: form, trouble, again } = useLoaded(page, () => page.client.getRequestForm(request.program.id));
  const [chosen, choose] = useState(request.reason.id);
  if (!form) return html`<${Waiting} trouble=${trouble} again=${again} />`;
  const isThere = reasonsOf(form, request.program.id).some(({ id }) => id === chosen);
  return html`<${Action} page=${page} yes=${words.request.save} no=${words.close} isOff=${!isThere} act=${() => page.client.changeReason(request.id, chosen)}
    done=${words.request.changed}>
    <${Reasons} form=${form} programId=${request.program.id} chosen=${isThere ? chosen : ""} choose=${choose} /></${Action}>`;
}

/**
 * Does one thing. A refusal is shown, and what is behind the dialog is read again: the request may have ended meanwhile.
 * @param {{page: Page, yes: string, no: string, isOff?: boolean, act: () => Promise<unknown>, done: string, children?: any}} props
 */
function Action({ page, yes, no, isOff = false, act, done, children }) {
  const [state, set] = useState({ trouble: "", isBusy: false, isOver: false }), isShown = useIsShown();
  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    set({ trouble: "", isBusy: true, isOver: false });
    try {
      await act();
      finish(page, isShown(), done);
    } catch (problem) {
      set({ trouble: page.describe(problem), isBusy: false, isOver: problem instanceof Problem && problem.status === 409 });
      afterRefusal(page, problem);
    }
  }
  return html`<form onSubmit=${submit}>${children}<${Trouble} text=${state.trouble} />
    <div class="buttons">
      ${!state.isOver && html`<button class="primary" disabled=${isOff || state.isBusy}>${yes}</button>`}
      <button type="button" class="quiet" onClick=${closeDialog}>${state.isOver ? words.close : no}</button>
    </div></form>`;
}

/** It worked: the dialog closes unless it was closed meanwhile, and what it was opened from may be gone. @param {Page} page @param {boolean} isShown @param {string} done */
function finish(page, isShown, done) {
  if (isShown) closeDialog();
  page.say(done);
  page.refresh();
  if (isShown) focusHeading();
}

/** @param {Page} page @param {unknown} problem */
function afterRefusal(page, problem) {
  if (!(problem instanceof Problem)) return;
  if (problem.status === 401) page.fail(problem);
  if (problem.status === 409) page.refresh();
}

/**
 * What was being written, else the default program, unless it was asked for already.
 * @param {Draft|undefined} kept @param {Form} form @param {Set<string>} asked
 */
function firstDraft(kept, form, asked) {
  const free = form.programs.filter(({ id }) => !asked.has(id));
  if (kept && free.some(({ id }) => id === kept.programId)) return kept;
  const programId = (free.find(({ isDefault }) => isDefault) ?? free[0])?.id ?? "";
  return { programId, reasonId: "", comment: kept?.comment ?? "" };
}

/** A reason of one program may not be one of the other's. @param {Form} form @param {Draft} draft @param {string} programId */
function otherProgram(form, draft, programId) {
  return { programId, reasonId: reasonsOf(form, programId).some(({ id }) => id === draft.reasonId) ? draft.reasonId : "" };
}

/** @param {Form} form @param {string} programId */
const reasonsOf = (form, programId) => form.reasons.filter(({ programIds }) => !programIds || programIds.includes(programId));

/** @param {boolean} hasReason @param {number} count @param {number} most */
function whatIsMissing(hasReason, count, most) {
  if (count > most) return words.request.tooLong;
  if (!hasReason && count === 0) return words.request.needsBoth;
  if (!hasReason) return words.request.needsReason;
  return count === 0 ? words.request.needsComment : "";
}
