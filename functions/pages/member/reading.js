// Reading one chat: what is new is announced, and what was in sight is marked as read.

import { useEffect, useRef, useState } from "../common/vendor/preact-htm.js";
import { inSight, isAtEnd, usePlace } from "./place.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("../common/conversation.js").Conversation} Conversation */

const restless = 250; // milliseconds of scrolling before the server learns what was in sight

/** @param {Page} page @param {Conversation} conversation @param {string} threadId */
export function useReading(page, conversation, threadId) {
  const [isMissing, setMissing] = useState(false);
  const [isBelow, setBelow] = useState(false);
  const reading = useRef(new Reading(page, conversation, threadId));
  const unreadFrom = reading.current.firstUnread();
  const list = usePlace(conversation, unreadFrom);

  useEffect(() => {
    const now = (reading.current = new Reading(page, conversation, threadId));
    page.openThread = threadId;
    const read = async () => {
      const answer = await conversation.newest("member");
      now.look(list.current); // again: marking may have failed, or nobody was looking
      return answer;
    };
    const show = () => {
      const isNew = now.begin();
      if (isNew && !isAtEnd()) setBelow(true);
      page.works();
      now.look(list.current);
    };
    const watching = page.watch(read, show, (problem) => problem.status === 404 ? setMissing(true) : page.fail(problem));
    let timer = 0;
    const scrolled = () => {
      if (isAtEnd()) setBelow(false);
      now.see(list.current);
      timer ||= setTimeout(() => {
        timer = 0;
        now.look(list.current);
      }, restless);
    };
    const away = () => now.leave();
    addEventListener("scroll", scrolled, { passive: true });
    document.addEventListener("visibilitychange", away);
    return () => {
      watching.stop();
      clearTimeout(timer);
      now.look(null);
      removeEventListener("scroll", scrolled);
      document.removeEventListener("visibilitychange", away);
    };
  }, [conversation]);

  return { isMissing, isBelow, unreadFrom, list };
}

/** One visit to a chat. */
class Reading {
  /** Up to which message it was read when the visit began; -1 until that is known. */
  #before = -1;
  /** The newest message that a screen reader was told of, or that was there before. */
  #announced = 0;
  /** Messages of the other side that were in sight. @type {Set<number>} */ #shown = new Set();
  /** Up to which message the server knows. */
  #marked = 0;

  /** @param {Page} page @param {Conversation} conversation @param {string} threadId */
  constructor(page, conversation, threadId) {
    this.page = page;
    this.conversation = conversation;
    this.threadId = threadId;
  }

  /** The message before which the line is. */
  firstUnread() {
    return this.conversation.messages.find(({ author, seq }) => !author.isMe && this.#before >= 0 && seq > this.#before)?.seq;
  }

  /** Announces what the other side wrote since the last look; history is not read out. Answers whether there was something. */
  begin() {
    const { messages, read } = this.conversation;
    if (this.#before < 0) this.#before = read.member;
    const fresh = messages.filter(({ author, seq }) => this.#announced > 0 && seq > this.#announced && !author.isMe);
    if (fresh.length > 0) this.page.say(fresh.map(({ author, text }) => `${author.displayName}: ${text}`).join("\n"));
    this.#announced = messages[messages.length - 1]?.seq ?? 0;
    return fresh.length > 0;
  }

  /** What comes while nobody looks is new to whoever comes back. */
  leave() {
    if (document.hidden && this.#before >= 0) this.#before = Math.max(this.#before, this.#readTo());
  }

  /** Remembers what is in sight. @param {HTMLElement|null} list */
  see(list) {
    const { messages } = this.conversation;
    const range = list && this.#before >= 0 && !document.hidden && inSight(list, Math.min(messages.length, list.children.length));
    if (range) for (const { seq } of messages.slice(range.first, range.last + 1)) this.#shown.add(seq);
  }

  /** Takes what was in sight as read. @param {HTMLElement|null} list */
  look(list) {
    this.see(list);
    if (this.#before >= 0) this.#mark(this.#readTo());
  }

  /** The last message before the first that was never in sight; one's own need not be. */
  #readTo() {
    const { messages, read } = this.conversation;
    let to = read.member;
    for (const { author, seq } of messages) {
      if (author.isMe || seq <= read.member) continue;
      if (!this.#shown.has(seq)) break;
      to = seq;
    }
    return to;
  }

  /** @param {number} seq */
  async #mark(seq) {
    if (seq <= Math.max(this.#marked, this.conversation.read.member)) return;
    this.#marked = seq;
    try {
      await this.page.client.markRead(this.threadId, seq);
      this.page.refresh();
    } catch (problem) {
      this.#marked = 0;
      this.page.fail(problem);
    }
  }
}
