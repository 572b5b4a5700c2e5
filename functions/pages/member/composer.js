// The box to write in. What stands in it is kept with the conversation, over a reload too.

import { isReturn, useDraft } from "../common/draft.js";
import { Icon } from "../common/parts.js";
import { html, useRef } from "../common/vendor/preact-htm.js";
import { toEnd } from "./place.js";
import { words } from "./words.js";

/** Whether the first thing that points here is a finger: then Return is a new line, since a touch keyboard has no other. */
const isTouch = () => matchMedia("(pointer: coarse)").matches;

/** @param {{conversation: import("../common/conversation.js").Conversation}} props */
export function Composer({ conversation }) {
  const box = useRef(/** @type {HTMLTextAreaElement|null} */ (null));
  const { text, write, isTooLong, canSend, said } = useDraft(conversation, isTouch() ? "" : words.talk.hint);

  /** @param {Event} event */
  function submit(event) {
    event.preventDefault();
    if (!canSend) return;
    write("");
    conversation.send(text);
    toEnd();
    box.current?.focus();
  }

  /** @param {KeyboardEvent} event */
  function key(event) {
    if (isReturn(event) && !event.shiftKey && (!isTouch() || event.ctrlKey || event.metaKey)) submit(event);
  }

  return html`<form class="composer" onSubmit=${submit}>
    <label class="hidden" for="message">${words.talk.message}</label>
    <div class="row">
      <textarea id="message" ref=${box} rows=${rowsFor(text)} dir="auto" enterkeyhint=${isTouch() ? "enter" : "send"} placeholder=${words.talk.message}
        aria-describedby=${said && "message-hint"} aria-invalid=${isTooLong} value=${text}
        onInput=${(/** @type {any} */ event) => write(event.target.value)} onKeyDown=${key}></textarea>
      <button class="send" aria-label=${words.talk.send} title=${words.talk.send} disabled=${!canSend}><${Icon} name="send" /></button>
    </div>
    <p id="message-hint" class=${isTooLong ? "error" : "hint keys"}>${said}</p>
  </form>`;
}

/** For browsers that do not let a box grow by itself. @param {string} text */
const rowsFor = (text) => Math.min(5, text.split("\n").length + Math.floor(text.length / 40));
