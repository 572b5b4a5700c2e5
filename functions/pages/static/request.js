// The chat request: its form, and its confirmation with what can still be done about it.

import { Problem, newKey } from "./client.js";
import { codePoints, h, labelled, openDialog } from "./dom.js";
import { words } from "./words.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./client.js").ChatRequest} ChatRequest */
/** @typedef {import("./client.js").RequestForm} RequestForm */

/**
 * The form for a new request, in a dialog. What was written stays in `app.draft` until it was submitted.
 * @param {App} app @param {ChatRequest[]} open  Their programs cannot be asked for again. @param {() => void} changed
 */
export async function openRequestForm(app, open, changed) {
  const form = await app.client.requestForm();
  const program = programSelect(form, new Set(open.map((request) => request.program.id)));
  const reason = reasonSelect(form, program.value);
  const comment = h("textarea", { id: "comment", rows: 5, dir: "auto", "aria-describedby": "counter" });
  const counter = h("p", { id: "counter", class: "hint" });
  const why = h("p", { id: "why", class: "hint", role: "status" });
  const error = h("p", { class: "error", role: "alert" });
  const submit = h("button", { class: "primary", "aria-describedby": "why" }, words.request.submit);
  comment.value = app.draft.comment;

  function check() {
    const count = codePoints(comment.value.trim());
    app.draft.comment = comment.value;
    counter.textContent = words.request.counter(count, form.comment.maxLength);
    const missing = whatIsMissing(reason.value !== "", count, form.comment.maxLength);
    submit.disabled = missing !== "";
    why.textContent = missing || words.request.ready;
  }

  const body = h("form", { novalidate: true }, h("p", {}, form.intro), h("p", { class: "emergency" }, form.emergency),
    labelled(words.request.program, program), labelled(words.request.reason, reason), labelled(words.request.comment, comment, counter),
    error, why, h("div", { class: "buttons" }, submit, closeButton(words.close)));
  body.addEventListener("input", check);
  program.addEventListener("change", () => {
    reason.replaceChildren(...reasonSelect(form, program.value).children);
    check();
  });
  body.addEventListener("submit", (event) => {
    event.preventDefault();
    submitted({ programId: program.value, reasonId: reason.value, comment: comment.value });
  });

  /** @param {{programId: string, reasonId: string, comment: string}} request */
  async function submitted(request) {
    submit.disabled = true;
    error.textContent = "";
    try {
      await app.client.createRequest(request, keyFor(app, request));
      app.draft.comment = "";
      dialog.close();
      app.say(words.request.confirmed);
      changed();
    } catch (problem) {
      submit.disabled = false;
      error.textContent = app.describe(problem);
      if (problem instanceof Problem && problem.status === 409) changed();
    }
  }

  check();
  const dialog = openDialog(words.request.open, body);
  reason.focus();
}

/** The same key for as long as the same request is tried, and a new one for another. @param {App} app @param {object} request */
function keyFor(app, request) {
  const of = JSON.stringify(request);
  if (app.draft.of !== of) Object.assign(app.draft, { of, key: newKey() });
  return app.draft.key;
}

/** @param {boolean} hasReason @param {number} count @param {number} most */
function whatIsMissing(hasReason, count, most) {
  if (count > most) return words.request.tooLong;
  if (!hasReason && count === 0) return words.request.needsBoth;
  if (!hasReason) return words.request.needsReason;
  return count === 0 ? words.request.needsComment : "";
}

/** The confirmation, which stays until the care manager has closed the task. @param {App} app @param {ChatRequest} request @param {() => void} changed */
export function confirmation(app, request, changed) {
  const can = new Set(request.allowedActions);
  return h("article", { class: "card confirmation", "aria-label": words.request.confirmed },
    h("h2", {}, words.request.confirmed),
    h("p", {}, words.request.replyBy(request.expectedReplyBy)),
    h("dl", {},
      h("dt", {}, words.request.program), h("dd", {}, request.program.name),
      h("dt", {}, words.request.reason), h("dd", {}, request.reason.label),
      h("dt", {}, words.request.comment), h("dd", { dir: "auto", class: "written" }, request.comment)),
    h("div", { class: "buttons" },
      can.has("changeReason") && h("button", { type: "button", onclick: () => openChange(app, request, changed).catch(app.fail) }, words.request.changeReason),
      can.has("cancel") && h("button", { type: "button", class: "quiet", onclick: () => openCancel(app, request, changed) }, words.request.cancel)));
}

/** @param {App} app @param {ChatRequest} request @param {() => void} changed */
async function openChange(app, request, changed) {
  const form = await app.client.requestForm(request.program.id);
  const reason = reasonSelect(form, request.program.id);
  reason.value = form.reasons.some(({ id }) => id === request.reason.id) ? request.reason.id : "";
  const save = () => reason.value === "" ? Promise.resolve() : app.client.changeReason(request.id, reason.value);
  openAction(app, words.request.changeReason, labelled(words.request.reason, reason), words.request.save, words.close, save, words.request.changed, changed);
}

/** @param {App} app @param {ChatRequest} request @param {() => void} changed */
function openCancel(app, request, changed) {
  const cancel = () => app.client.cancelRequest(request.id);
  openAction(app, words.request.cancelTitle, h("p", {}, words.request.cancelText), words.request.cancelYes, words.request.cancelNo, cancel, words.request.cancelled, changed);
}

/**
 * A dialog that does one thing. A refusal is shown in it, and what is behind it is read again: the request may have ended meanwhile.
 * @param {App} app @param {string} title @param {HTMLElement} content @param {string} yes @param {string} no
 * @param {() => Promise<unknown>} act @param {string} done @param {() => void} changed
 */
function openAction(app, title, content, yes, no, act, done, changed) {
  const error = h("p", { class: "error", role: "alert" });
  const button = h("button", { class: "primary" }, yes);
  const form = h("form", {}, content, error, h("div", { class: "buttons" }, button, closeButton(no)));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      await act();
      dialog.close();
      app.say(done);
    } catch (problem) {
      error.textContent = app.describe(problem);
      button.disabled = problem instanceof Problem && problem.status === 409;
    }
    changed();
  });
  const dialog = openDialog(title, form);
}

/** @param {string} text */
function closeButton(text) {
  const button = h("button", { type: "button", class: "quiet", onclick: () => button.closest("dialog")?.close() }, text);
  return button;
}

/** The default is chosen, unless it was asked for already. @param {RequestForm} form @param {Set<string>} asked */
function programSelect({ programs }, asked) {
  const program = select("program", programs.map(({ id, name }) => [id, asked.has(id) ? `${name} (${words.request.asked})` : name, asked.has(id)]));
  const free = programs.filter(({ id }) => !asked.has(id));
  program.value = (free.find(({ isDefault }) => isDefault) ?? free[0])?.id ?? "";
  return program;
}

/** @param {RequestForm} form @param {string} programId */
function reasonSelect(form, programId) {
  const reasons = form.reasons.filter(({ programIds }) => !programIds || programIds.includes(programId));
  return select("reason", [["", words.request.chooseReason, false], ...reasons.map(({ id, label }) => /** @type {[string, string, boolean]} */ ([id, label, false]))]);
}

/** @param {string} id @param {[string, string, boolean][]} options  Value, words, and whether it cannot be chosen. */
function select(id, options) {
  return h("select", { id }, ...options.map(([value, text, disabled]) => h("option", { value, disabled }, text)));
}
