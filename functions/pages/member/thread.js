// One chat: its messages and the box to write in.

import { Bubble, Unsaid, UnsentBubble } from "../common/bubbles.js";
import { Composer } from "./composer.js";
import { EmergencyLine, Face, Icon, Loading } from "../common/parts.js";
import { html, useEffect, useRef } from "../common/vendor/preact-htm.js";
import { toEnd } from "./place.js";
import { useReading } from "./reading.js";
import { dayOf, moment, words } from "./words.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("../client/types").Thread} Thread */
/** @typedef {import("../common/conversation.js").Conversation} Conversation */

/** Whose chat it is; it belongs to the page's head, which stays in sight. @param {{page: Page, threadId: string}} props */
export function ThreadHead({ page, threadId }) {
  const thread = page.thread(threadId);
  const name = thread?.careManager.displayName ?? "";
  const cover = thread?.careManager.cover;
  return html`${name && html`<${Face} name=${name} />`}
    <div class="thread-head"><h1 tabindex="-1" dir="auto">${name || words.chats}</h1>
      <p>${thread?.program.name ?? ""}${cover && ` · ${words.thread.cover(cover.displayName, moment(cover.until))}`}</p></div>`;
}

/** @param {{page: Page, threadId: string, notice: any}} props */
export function ThreadView({ page, threadId, notice }) {
  const conversation = page.conversation(threadId);
  const { isMissing, unreadFrom, isBelow, list } = useReading(page, conversation, threadId);
  const top = useOlder(page, conversation);
  if (isMissing) return html`<section class="card"><p>${words.thread.missing}</p><p><a href="#/">${words.thread.back}</a></p></section>`;
  const { messages, unsent, read, thread } = conversation;
  if (!thread) return html`<div class="thread"><${Loading} cards=${4} /><div class="foot">${notice}</div></div>`;
  const mine = messages.findLast(({ author }) => author.isMe);
  const seen = messages.findLast(({ author, seq }) => author.isMe && seq <= read.careManager);

  return html`<div class="thread">
    <div class="log" role="log" aria-live="off" aria-label=${words.thread.log(thread.careManager.displayName)}>
      ${conversation.hasOlder && html`<${Older} page=${page} conversation=${conversation} top=${top} />`}
      <ol class="messages" aria-label=${words.thread.messages} ref=${list}>
        ${messages.map((message, i) => html`<${Bubble} key=${message.id} message=${message} words=${words}
          isFirstOfDay=${i === 0 || dayOf(message.sentAt) !== dayOf(messages[i - 1].sentAt)} today=${dayOf(new Date())}
          isFirstUnread=${message.seq === unreadFrom} state=${message === seen ? "seen" : message === mine ? "sent" : ""} />`)}
        ${unsent.map((text) => html`<${UnsentBubble} key=${text.clientMessageId} host=${page} conversation=${conversation} unsent=${text} />`)}
      </ol>
    </div>
    <div class="foot">
      ${isBelow && html`<button type="button" class="below" onClick=${() => showNewest(list.current)}>
        <${Icon} name="down" />${words.talk.toNewest}</button>`}
      ${notice}
      ${thread.canReply.allowed ? html`<${Composer} key=${threadId} conversation=${conversation} />` : html`<${ReadOnly} page=${page} thread=${thread} conversation=${conversation} />`}
      <${EmergencyLine} text=${page.chats?.emergency ?? ""} />
    </div>
  </div>`;
}

/** Why nothing can be written, who answers now, the way there, and what was begun. @param {{page: Page, thread: Thread, conversation: Conversation}} props */
function ReadOnly({ page, thread: { program, canReply }, conversation }) {
  const active = page.chats?.threads ?? [];
  const now = active.find((each) => each.program.id === program.id) ?? active[0]; // the newest comes first
  return html`<div class="read-only"><p>${words.thread.readOnly[canReply.reason ?? "notYours"]}</p>
    <p>${now ? html`<a href=${`#/t/${now.id}`}>${words.thread.answersNow(now.careManager.displayName, now.program.name)}</a>`
      : page.chats?.canRequest.allowed ? html`<a href="#/">${words.thread.askInstead}</a>` : words.thread.callInstead}</p>
    <${Unsaid} conversation=${conversation} /></div>`;
}

/** The button goes away once one is there, so the focus goes on to what it leads to. @param {HTMLElement|null} list */
function showNewest(list) {
  toEnd();
  const newest = /** @type {HTMLElement|null|undefined} */ (list?.lastElementChild);
  newest?.setAttribute("tabindex", "-1");
  newest?.focus({ preventScroll: true });
}

/** Loads by itself when it comes near; a button for whoever does not scroll. @param {{page: Page, conversation: Conversation, top: any}} props */
function Older({ page, conversation, top }) {
  return html`<button type="button" class="quiet older" ref=${top} onClick=${() => conversation.older().catch((problem) => page.fail(problem))}>
    ${words.thread.older}</button>`;
}

/** Reads what came before whenever the beginning is nearly in sight. @param {Page} page @param {Conversation} conversation */
function useOlder(page, conversation) {
  const top = useRef(/** @type {HTMLElement|null} */ (null));
  useEffect(() => {
    if (!top.current) return;
    const seeing = new IntersectionObserver(([entry]) => {
      if (entry.isIntersecting) conversation.older().catch((problem) => page.fail(problem));
    }, { rootMargin: "800px 0px 0px" });
    seeing.observe(top.current);
    return () => seeing.disconnect();
  }, [conversation, conversation.messages[0]?.seq]);
  return top;
}
