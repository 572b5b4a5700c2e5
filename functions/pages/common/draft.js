// What somebody is writing: how long it may be, and which key ends it.

import { codePoints } from "./parts.js";
import { useState } from "./vendor/preact-htm.js";
import { words } from "./words.js";

const mostCodePoints = 4000;

/** A conversation's draft, which is kept as it is typed. `said` is what is wrong with it, else the hint. @param {import("./conversation.js").Conversation} conversation @param {string} hint */
export function useDraft(conversation, hint) {
  const [, redraw] = useState(0);
  const text = conversation.draft, count = codePoints(text.trim()), isTooLong = count > mostCodePoints;
  /** @param {string} next */
  function write(next) {
    conversation.draft = next;
    redraw((times) => times + 1);
  }
  return { text, write, isTooLong, canSend: count > 0 && !isTooLong, said: isTooLong ? words.talk.tooLong(count, mostCodePoints) : hint };
}

/** Return, and not the one that chooses what an input method offers: Safari says that this is over before it says the key, whose code is 229. @param {KeyboardEvent} event */
export const isReturn = ({ key, isComposing, keyCode }) => key === "Enter" && !isComposing && keyCode !== 229;
