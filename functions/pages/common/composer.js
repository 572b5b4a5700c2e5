// The box to write in. What stands in it is kept with the conversation, over a reload too.

import { Icon, codePoints } from "./parts.js";
import { html, useRef, useState } from "./vendor/preact-htm.js";
import { words } from "./words.js";

const mostCodePoints = 4000;

/** @param {{conversation: import("./conversation.js").Conversation}} props */
export function Composer({ conversation }) {
  const box = useRef(/** @type {HTMLTextAreaElement|null} */ (null));
  const [text, setText] = useState(conversation.draft);
  const count = codePoints(text.trim());
  const isTooLong = count > mostCodePoints;
  const canSend = count > 0 && !isTooLong;

  /** @param {string} next */
  function write(next) {
    conversation.draft = next;
    setText(next);
  }

  /** @param {Event} event */
  function submit(event) {
    event.preventDefault();
    if (!canSend) return;
    write("");
    conversation.send(text);
    scrollTo({ top: document.documentElement.scrollHeight, behavior: "instant" });
    box.current?.focus();
  }

  /** Enter sends, but not while it chooses a character. @param {KeyboardEvent} event */
  function key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event);
  }

  return html`<form class="composer" onSubmit=${submit}>
    <label class="hidden" for="message">${words.talk.message}</label>
    <div class="row">
      <textarea id="message" ref=${box} rows=${rowsFor(text)} dir="auto" enterkeyhint="send" placeholder=${words.talk.placeholder} aria-describedby="message-hint" value=${text}
        onInput=${(/** @type {any} */ event) => write(event.target.value)} onKeyDown=${key}></textarea>
      <button class="send" aria-label=${words.talk.send} title=${words.talk.send} disabled=${!canSend}><${Icon} name="send" /></button>
    </div>
    <p id="message-hint" class=${isTooLong ? "error" : "hint keys"}>${isTooLong ? words.talk.tooLong(count, mostCodePoints) : words.talk.hint}</p>
  </form>`;
}

/** For browsers that do not let a box grow by itself. @param {string} text */
const rowsFor = (text) => Math.min(5, text.split("\n").length + Math.floor(text.length / 40));
