// Where a conversation is scrolled to: the newest message stays in sight if it was, and what is read stays where it is.

import { useLayoutEffect, useRef } from "../common/vendor/preact-htm.js";

/** @typedef {import("../common/conversation.js").Conversation} Conversation */

export const isAtEnd = () => innerHeight + scrollY >= document.documentElement.scrollHeight - 60;
export const toEnd = () => scrollTo({ top: document.documentElement.scrollHeight, behavior: "instant" });

/** Answers with the ref of the list of messages. @param {Conversation} conversation @param {number|undefined} unreadFrom  Before which message the line is. */
export function usePlace(conversation, unreadFrom) {
  const list = useRef(/** @type {HTMLElement|null} */ (null));
  const before = useRef({ first: 0, end: 0, isAtEnd: true, unreadFrom: /** @type {number|undefined} */ (undefined) });
  const isShown = conversation.thread !== undefined;

  useLayoutEffect(() => {
    if (!list.current) return;
    before.current = { first: 0, end: 0, isAtEnd: true, unreadFrom: undefined };
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
    const hasNewLine = unreadFrom !== undefined && unreadFrom !== was.unreadFrom;
    if (was.first === 0 || hasNewLine && was.isAtEnd) toBegin(list.current);
    else if (first < was.first) scrollBy({ top: end - was.end, behavior: "instant" });
    else if (was.isAtEnd) toEnd();
    before.current = { first, end, isAtEnd: isAtEnd(), unreadFrom };
  });
  return list;
}

/** Begins at the newest message, or where the unread ones begin if they fill more than the screen. @param {HTMLElement} list */
function toBegin(list) {
  toEnd();
  const line = list.querySelector(".unread-line");
  const head = document.querySelector(".top")?.getBoundingClientRect().bottom ?? 0;
  const hidden = line ? line.getBoundingClientRect().top - head : 0;
  if (hidden < 0) scrollBy({ top: hidden - 16, behavior: "instant" });
}

/** The positions in the list of the first and the last message that are in sight to their end; undefined if none is. @param {HTMLElement} list @param {number} count */
export function inSight(list, count) {
  const head = document.querySelector(".top")?.getBoundingClientRect().bottom ?? 0;
  const foot = Math.min(innerHeight, document.querySelector(".foot")?.getBoundingClientRect().top ?? innerHeight);
  const bottom = (/** @type {number} */ i) => list.children[i].getBoundingClientRect().bottom;
  const first = firstWhere(count, (i) => bottom(i) > head);
  const beyond = isAtEnd() ? count : firstWhere(count, (i) => bottom(i) > foot + 8);
  return first < beyond ? { first, last: beyond - 1 } : undefined;
}

/** The first of 0 to `count` for which it `is` so, where it stays so from there on. @param {number} count @param {(i: number) => boolean} is */
function firstWhere(count, is) {
  let from = 0, to = count;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (is(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}
