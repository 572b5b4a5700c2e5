// The box to write in. It is bound to the person who is open, and says to whom it sends.

import { Unsaid } from "../common/bubbles.js";
import { isReturn, useDraft } from "../common/draft.js";
import { Icon } from "../common/parts.js";
import { html, useEffect, useRef } from "../common/vendor/preact-htm.js";
import { words } from "./words.js";

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/** One can write before it is known what to answer; what is sent then waits until it is. @param {{desk: import("./desk.js").Desk, open: import("./case.js").Case}} props */
export function Reply({ desk, open }) {
  const { thread, member, news, mine } = open;
  const { text, write, isTooLong, canSend: isWhole, said } = useDraft(mine, isMac ? words.reply.hintMac : words.reply.hint);
  const look = useRef(/** @type {HTMLElement|null} */ (null));
  useEffect(() => {
    if (news && document.activeElement === document.body) look.current?.focus();
  }, [news]);
  if (open.isReadOnly) return html`<div class="reply read-only"><p>${words.case.readOnly}</p><${Unsaid} conversation=${mine} /></div>`;
  const canSend = isWhole && !news;

  /** @param {Event} event */
  function submit(event) {
    event.preventDefault();
    if (!canSend) return;
    if (!open.chats) return open.onceKnown(() => /** @type {HTMLTextAreaElement|null} */ (document.getElementById("message"))?.form?.requestSubmit());
    write("");
    open.send(text);
    desk.redraw();
    (document.getElementById("close-task") ?? document.getElementById("message"))?.focus();
  }

  /** @param {KeyboardEvent} event */
  function key(event) {
    if (isReturn(event) && (event.ctrlKey || event.metaKey)) submit(event);
  }

  const isOwn = !thread || thread.careManager.id === desk.me?.id;
  return html`<form class="reply" onSubmit=${submit}>
    ${!isOwn && html`<p class="hint">${words.case.ownThread(member.displayName, thread.careManager.displayName)}</p>`}
    <label for="message">${words.talk.message}</label>
    <textarea id="message" rows="1" dir="auto" placeholder=${words.talk.message} value=${text} aria-invalid=${isTooLong} aria-describedby="message-hint"
      onInput=${(/** @type {any} */ event) => write(event.target.value)} onKeyDown=${key}></textarea>
    <div class="sending">
      <p id="message-hint" class=${isTooLong ? "error" : "hint"}>${said}</p>
      ${news ? html`<div class="news" role="status"><span><${Icon} name="warning" />${news.text()}</span>
          <button type="button" ref=${look} onClick=${() => open.look()}>${words.case.look}</button></div>`
        : html`<button class="primary" disabled=${!canSend} aria-describedby="send-to">${words.talk.send}</button>`}
      <span id="send-to" class="hidden">${words.reply.to(member.displayName)}</span>
    </div>
  </form>`;
}
