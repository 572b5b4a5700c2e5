// One chat: its messages and the box to write in.

import { watch } from "../common/client.js";
import { Bubble, UnsentBubble } from "../common/bubbles.js";
import { Composer } from "../common/composer.js";
import { Emergency, Face, Icon, Loading } from "../common/parts.js";
import { html, useEffect, useLayoutEffect, useRef, useState } from "../common/vendor/preact-htm.js";
import { dayOf, moment, words } from "./words.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("../common/client.js").Message} Message */
/** @typedef {import("../common/conversation.js").Conversation} Conversation */

/** Whose chat it is; it belongs to the page's head, which stays in sight. @param {{page: Page, threadId: string}} props */
export function ThreadHead({ page, threadId }) {
  const thread = page.thread(threadId);
  const name = thread?.careManager.displayName ?? "";
  const cover = thread?.careManager.cover;
  return html`<div class="thread-head">
    <a class="back" href="#/" aria-label=${words.thread.back} title=${words.thread.back}><${Icon} name="back" /></a>
    ${name && html`<${Face} name=${name} />`}
    <div><h1 tabindex="-1" dir="auto">${name || words.chats}</h1>
      <p>${thread?.program.name ?? ""}${cover && ` · ${words.thread.cover(cover.displayName, moment(cover.until))}`}</p></div>
  </div>`;
}

/** @param {{page: Page, threadId: string}} props */
export function ThreadView({ page, threadId }) {
  const conversation = page.conversation(threadId);
  const { isMissing, unreadFrom, isBelow, list } = useThread(page, conversation, threadId);
  const top = useOlder(page, conversation);
  if (isMissing) return html`<section class="card"><p>${words.thread.missing}</p><p><a href="#/">${words.thread.back}</a></p></section>`;
  const { messages, unsent, read, thread } = conversation;
  if (!thread) return html`<div class="thread"><${Loading} cards=${4} /></div>`;
  const mine = messages.findLast(({ author }) => author.isMe);
  const seen = messages.findLast(({ author, seq }) => author.isMe && seq <= read.careManager);

  return html`<div class="thread">
    <div class="log" role="log" aria-live="off" aria-label=${words.thread.log(thread.careManager.displayName)}>
      ${conversation.hasOlder && html`<${Older} page=${page} conversation=${conversation} top=${top} />`}
      <ol class="messages" aria-label=${words.thread.messages} ref=${list}>
        ${messages.map((message, i) => html`<${Bubble} key=${message.id} message=${message} words=${words}
          isFirstOfDay=${i === 0 || dayOf(message.sentAt) !== dayOf(messages[i - 1].sentAt)} today=${dayOf(new Date())}
          isFirstUnread=${message.seq === unreadFrom} state=${message === seen ? "seen" : message === mine ? "sent" : ""} />`)}
        ${unsent.map((text) => html`<${UnsentBubble} key=${text.clientMessageId} page=${page} conversation=${conversation} unsent=${text} />`)}
      </ol>
    </div>
    <div class="foot">
      ${isBelow && html`<button type="button" class="below" onClick=${toEnd}>
        <${Icon} name="down" />${words.thread.toNewest}</button>`}
      ${thread.canReply.allowed ? html`<${Composer} key=${threadId} conversation=${conversation} />`
        : html`<p class="read-only">${words.thread.readOnly[thread.canReply.reason ?? "notYours"]} ${words.thread.readOnlyHelp}</p>`}
      <${Emergency} text=${page.chats?.emergency ?? ""} brief />
    </div>
  </div>`;
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

/**
 * Reads the thread again and again for as long as it is shown, marks read what is seen, and keeps the place.
 * @param {Page} page @param {Conversation} conversation @param {string} threadId
 */
function useThread(page, conversation, threadId) {
  const [isMissing, setMissing] = useState(false);
  const [isBelow, setBelow] = useState(false);
  const list = usePlace(conversation);
  const look = useRef({ announced: 0, marked: 0, readBefore: -1 });

  useEffect(() => {
    const looked = (look.current = { announced: 0, marked: 0, readBefore: -1 });
    page.openThread = threadId;
    const read = async () => {
      const answer = await conversation.newest();
      if (looked.readBefore >= 0 && isAtEnd()) markRead(page, conversation, threadId, looked); // again, if it failed or nobody was looking
      return answer;
    };
    const show = () => {
      if (looked.readBefore < 0) looked.readBefore = conversation.read.member;
      const isNew = announce(page, conversation, looked);
      if (isNew && !isAtEnd()) setBelow(true);
      else markRead(page, conversation, threadId, looked);
      page.works();
    };
    const watching = watch(read, show, (problem) => problem.status === 404 ? setMissing(true) : page.fail(problem));
    const atEnd = () => {
      if (!conversation.thread || !isAtEnd()) return;
      setBelow(false);
      markRead(page, conversation, threadId, looked);
    };
    const away = () => {
      if (document.hidden && looked.announced > 0) looked.readBefore = looked.announced; // what comes meanwhile is new to whoever comes back
    };
    addEventListener("scroll", atEnd, { passive: true });
    document.addEventListener("visibilitychange", away);
    return () => {
      watching.stop();
      removeEventListener("scroll", atEnd);
      document.removeEventListener("visibilitychange", away);
    };
  }, [conversation]);

  return { isMissing, isBelow, unreadFrom: firstUnread(conversation, look.current.readBefore), list };
}

/** Where the line goes, once everything after it was read. @param {Conversation} conversation @param {number} readBefore */
function firstUnread({ messages, hasOlder }, readBefore) {
  const unread = messages.find(({ author, seq }) => !author.isMe && readBefore >= 0 && seq > readBefore);
  return hasOlder && unread === messages[0] ? undefined : unread?.seq;
}

/**
 * Says what the other side wrote since the last look; history is not read out. Answers whether there was something.
 * @param {Page} page @param {Conversation} conversation @param {{announced: number}} looked
 */
function announce(page, conversation, looked) {
  const fresh = conversation.messages.filter(({ author, seq }) => looked.announced > 0 && seq > looked.announced && !author.isMe);
  if (fresh.length > 0) page.say(fresh.map(({ author, text }) => `${author.displayName}: ${text}`).join("\n"));
  looked.announced = conversation.messages.at(-1)?.seq ?? 0;
  return fresh.length > 0;
}

/** @param {Page} page @param {Conversation} conversation @param {string} threadId @param {{marked: number}} looked */
async function markRead(page, conversation, threadId, looked) {
  const last = conversation.messages.findLast(({ author }) => !author.isMe)?.seq ?? 0; // one's own never count
  if (document.hidden || last <= Math.max(looked.marked, conversation.read.member)) return;
  looked.marked = last;
  try {
    await page.client.markRead(threadId, last);
    page.refresh();
  } catch (problem) {
    looked.marked = 0;
    page.fail(problem);
  }
}

/** Keeps the newest message in sight if it was, and what is read where it is when older ones come above it. @param {Conversation} conversation */
function usePlace(conversation) {
  const list = useRef(/** @type {HTMLElement|null} */ (null));
  const before = useRef({ first: 0, end: 0, isAtEnd: true });
  const isShown = conversation.thread !== undefined;

  useLayoutEffect(() => {
    if (!list.current) return;
    before.current = { first: 0, end: 0, isAtEnd: true };
    const note = () => void (before.current.isAtEnd = isAtEnd());
    const stay = () => void (before.current.isAtEnd && toEnd());
    const growing = new ResizeObserver(stay); // the box to write in grows too
    growing.observe(/** @type {Element} */ (list.current.closest(".thread")));
    addEventListener("scroll", note, { passive: true });
    addEventListener("resize", stay); // a keyboard comes up
    return () => {
      growing.disconnect();
      removeEventListener("scroll", note);
      removeEventListener("resize", stay);
    };
  }, [conversation, isShown]);

  useLayoutEffect(() => {
    if (!list.current) return;
    const was = before.current, first = conversation.messages[0]?.seq ?? 0, end = list.current.getBoundingClientRect().bottom + scrollY;
    if (was.first === 0) toBegin(list.current);
    else if (first < was.first) scrollBy({ top: end - was.end, behavior: "instant" });
    else if (was.isAtEnd) toEnd();
    before.current = { first, end, isAtEnd: isAtEnd() };
  });
  return list;
}

const isAtEnd = () => innerHeight + scrollY >= document.documentElement.scrollHeight - 60;
const toEnd = () => scrollTo({ top: document.documentElement.scrollHeight, behavior: "instant" });

/** Begins at the newest message, or where the unread ones begin if they fill more than the screen. @param {HTMLElement} list */
function toBegin(list) {
  toEnd();
  const line = list.querySelector(".unread-line");
  const head = document.querySelector(".top")?.getBoundingClientRect().bottom ?? 0;
  const hidden = line ? line.getBoundingClientRect().top - head : 0;
  if (hidden < 0) scrollBy({ top: hidden - 16, behavior: "instant" });
}
