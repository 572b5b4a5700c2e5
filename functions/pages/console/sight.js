// What of a conversation is in sight: the newest message stays there if it was, what is read stays where it is, and what the member writes
// meanwhile is offered.

import { useEffect, useLayoutEffect, useRef, useState } from "../common/vendor/preact-htm.js";

/** @typedef {import("../common/conversation.js").Conversation} Conversation */

/** `isBelow`: the member has written what is not in sight; `toEnd` shows it. @param {Conversation} conversation */
export function useSight(conversation) {
  const [isBelow, setBelow] = useState(false);
  const list = useEnd(conversation, () => setBelow(false)), seen = useRef({ of: conversation, last: 0 });
  useEffect(() => {
    const { messages } = conversation, { of, last } = seen.current;
    seen.current = { of: conversation, last: messages[messages.length - 1]?.seq ?? 0 };
    const isFresh = of === conversation && last > 0 && messages.some(({ author, seq }) => author.role === "member" && seq > last);
    if (isFresh && list.current && !isAtEnd(list.current)) setBelow(true);
  });
  const toEnd = () => {
    list.current?.scrollTo({ top: list.current.scrollHeight, behavior: "instant" });
    document.getElementById("message")?.focus({ preventScroll: true }); // the button goes
  };
  return { list, isBelow, toEnd };
}

/** The place that scrolls. What one writes oneself is always in sight. @param {Conversation} conversation @param {() => void} atEnd  Called whenever the end is in sight. */
function useEnd(conversation, atEnd) {
  const list = useRef(/** @type {HTMLElement|null} */ (null));
  const before = useRef({ first: 0, unsent: 0, height: 0, isAtEnd: true, of: conversation });
  useLayoutEffect(() => {
    const at = list.current, was = before.current;
    if (!at) return;
    const first = conversation.messages[0]?.seq ?? 0, unsent = conversation.unsent.length;
    if (was.of !== conversation || was.isAtEnd || was.first === 0 || unsent > was.unsent) at.scrollTop = at.scrollHeight;
    else if (first < was.first) at.scrollTop += at.scrollHeight - was.height;
    const note = () => {
      before.current = { first, unsent, height: at.scrollHeight, isAtEnd: isAtEnd(at), of: conversation };
      if (before.current.isAtEnd) atEnd();
    };
    note();
    at.addEventListener("scroll", note, { passive: true });
    return () => at.removeEventListener("scroll", note);
  });
  return list;
}

/** @param {HTMLElement} at */
const isAtEnd = (at) => at.scrollTop + at.clientHeight >= at.scrollHeight - 40;
