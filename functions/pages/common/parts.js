// What the views are made of. People's words get into the page as text alone: a template never makes markup out of a value.

import { watch } from "../client/client.js";
import { dialed, emergencyNumber, linked } from "./links.js";
import { html, useEffect, useLayoutEffect, useRef, useState } from "./vendor/preact-htm.js";
import { words } from "./words.js";

/** What stands around the views. @typedef {{describe: (problem: unknown) => string, fail: (problem: unknown) => void}} Host */

/** @type {Record<string, string>} */
const shapes = {
  chats: "M4 5h16a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1h-9l-5 4v-4H4a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1z",
  back: "M15 5l-7 7 7 7",
  send: "M12 20V5M5.500 11.500L12 5l6.500 6.500",
  down: "M12 5v14M6 13l6 6 6-6",
  check: "M5 13l4.500 4.500L19 7",
  clock: "M12 7v5l3.500 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
  warning: "M12 9v5M12 17.500v.1M12 3.500L2.500 20h19z",
  phone: "M7 3h10a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM11 18h2",
  mail: "M4 6h16a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1zM4 7l8 6 8-6",
  pause: "M9 6v12M15 6v12",
  pencil: "M4 20l1-4L16 5l3 3L8 19z",
  heart: "M12 20C6 15.500 3.500 12.500 3.500 9a4.200 4.200 0 0 1 8.500-1.500A4.200 4.200 0 0 1 20.500 9c0 3.500-2.500 6.500-8.500 11z",
};

/** A drawing beside words that say the same. @param {{name: string}} props */
export function Icon({ name }) {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${shapes[name]} /></svg>`;
}

/** Two letters for a face. @param {{name: string}} props */
export function Face({ name }) {
  const parts = name.split(/\s+/).filter(Boolean);
  const letters = [parts[0], parts.length > 1 ? parts[parts.length - 1] : ""].map((part) => [...(part ?? "")][0] ?? "");
  return html`<span class="face" aria-hidden="true">${letters.join("").toUpperCase()}</span>`;
}

/** A labelled field; `children` is the field with that id, and what belongs to it. @param {{id: string, label: string, children?: any}} props */
export function Field({ id, label, children }) {
  return html`<div class="field"><label for=${id}>${label}</label>${children}</div>`;
}

/** What went wrong; it is in the page from the start, so that a screen reader hears of it. @param {{text: string, id?: string}} props */
export function Trouble({ text, id }) {
  const ref = useInSight(text);
  return html`<p class="error" id=${id} role="alert" ref=${ref}>${text && html`<${Icon} name="warning" /><span>${text}</span>`}</p>`;
}

/** Scrolls to what was just said: on a small screen it may be below the edge. @param {unknown} said */
export function useInSight(said) {
  const ref = useRef(/** @type {HTMLElement|null} */ (null));
  useEffect(() => {
    if (said) ref.current?.scrollIntoView({ block: "nearest" });
  }, [said]);
  return ref;
}

/** The organization's words for an emergency; its numbers can be tapped. @param {{text: string}} props */
export function Emergency({ text }) {
  return text && html`<p class="emergency"><${Icon} name="warning" /><span>${linked(text, true)}</span></p>`;
}

/** The same where there is little room: one line that calls, or what unfolds where there is no number. @param {{text: string}} props */
export function EmergencyLine({ text }) {
  if (!text) return null;
  const number = emergencyNumber(text);
  return number ? html`<p class="emergency brief"><a href=${dialed(number)}>${words.callInEmergency(number)}</a></p>`
    : html`<details class="emergency brief"><summary>${words.emergency}</summary><p>${text}</p></details>`;
}

/** The place of what is being read, in about its size. @param {{cards?: number}} props */
export function Loading({ cards = 3 }) {
  return html`<div class="loading"><p class="hidden" role="status">${words.loading}</p>
    ${Array.from({ length: cards }, (_, i) => html`<div class="ghost" key=${i} aria-hidden="true"></div>`)}</div>`;
}

/** What could not be read. @param {{text: string, again: () => void}} props */
export function Failed({ text, again }) {
  return html`<div class="card failed"><${Trouble} text=${text} />
    <button type="button" class="primary" onClick=${again}>${words.problems.tryAgain}</button></div>`;
}

/**
 * What `load` answers: undefined until it does. What went wrong is there in words, and gone when a later try works.
 * @template T
 * @param {Host} host @param {() => Promise<T>} load
 */
export function useLoaded(host, load) {
  const [state, set] = useState(/** @type {{value?: T, trouble: string}} */ ({ trouble: "" }));
  const watching = useRef(/** @type {{now: () => void, stop: () => void}|undefined} */ (undefined));
  useEffect(() => {
    const read = async () => ({ body: await load(), pollAfter: 1 });
    const show = (/** @type {T} */ value) => (watching.current?.stop(), set({ value, trouble: "" }));
    watching.current = watch(read, show, (problem) => {
      set({ trouble: host.describe(problem) });
      if (problem.status === 401) host.fail(problem);
    });
    return () => watching.current?.stop();
  }, []);
  return { ...state, again: () => watching.current?.now() };
}

/** Closes the dialog that is open: there is one at a time. @type {(() => void)|undefined} */
let closeOpen;
/** Whether an entry of the history is the dialog's, for Back to undo; and whether it is being left. */
let hasEntry = false, isLeaving = false;
/** What waits until the entry has left. @type {(() => void)[]} */
const waiting = [];

/**
 * A modal dialog, for as long as it is in the page. Escape and Back call `onClose`, at once: a browser's own event comes later, when the
 * next dialog may be open. The focus goes back to where it was.
 * @param {{title: string, onClose: () => void, children?: any}} props
 */
export function Dialog({ title, onClose, children }) {
  const ref = useRef(/** @type {HTMLDialogElement|null} */ (null)), close = useRef(onClose);
  close.current = onClose;
  useLayoutEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    closeOpen = () => {
      dialog?.close();
      close.current();
    };
    addEntry();
    return () => {
      closeOpen = undefined;
      dialog?.close();
      queueMicrotask(removeEntry); // unless another dialog takes its place now
    };
  }, []);
  const cancel = (/** @type {Event} */ event) => {
    event.preventDefault();
    closeDialog();
  };
  const closed = () => ref.current?.open === false && closeDialog(); // a browser that did not ask first
  return html`<dialog ref=${ref} aria-labelledby="dialog-title" onCancel=${cancel} onClose=${closed}>
    <h2 id="dialog-title" tabindex="-1">${title}</h2>${children}</dialog>`;
}

export const closeDialog = () => closeOpen?.();

/** Does something that moves in the history: now, or as soon as the last dialog's entry has left it. @param {() => void} act */
export function afterDialog(act) {
  if (hasEntry && !closeOpen || isLeaving) waiting.push(act);
  else act();
}

function addEntry() {
  if (hasEntry || isLeaving) return;
  history.pushState({ isDialog: true }, "");
  hasEntry = true;
}

function removeEntry() {
  if (closeOpen || !hasEntry) return;
  hasEntry = false;
  isLeaving = history.state?.isDialog === true;
  if (isLeaving) history.back();
  else settle();
}

addEventListener("popstate", () => {
  if (isLeaving) return settle();
  hasEntry = false;
  closeDialog();
});

/** The last dialog's entry has left; one that was opened meanwhile gets its own. */
function settle() {
  isLeaving = false;
  if (closeOpen) addEntry();
  for (const act of waiting.splice(0)) act();
}

/** Whether a view is still in the page, for what it waits for. */
export function useIsShown() {
  const ref = useRef(true);
  useLayoutEffect(() => () => void (ref.current = false), []);
  return () => ref.current;
}

/** The heading of the view or of the dialog over it, for whoever cannot see that something has changed. */
export const focusHeading = () => /** @type {HTMLElement|null} */ (document.querySelector("dialog[open] h2") ?? document.querySelector("h1"))?.focus({ preventScroll: true });

/** Sees to it that the focus never falls to the body: what goes away with the focus leaves it to the heading. */
export function holdFocus() {
  /** @type {Element|undefined} */ let last;
  addEventListener("focusin", ({ target }) => void (last = /** @type {Element} */ (target)));
  new MutationObserver(() => {
    if (!last || last.isConnected || document.activeElement !== document.body) return;
    last = undefined;
    focusHeading();
  }).observe(document.body, { childList: true, subtree: true });
}

/** Counts as the server does: a flag or a face is not two letters. @param {string} text */
export const codePoints = (text) => [...text].length;
