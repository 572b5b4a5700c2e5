// What colleagues did with a person since one looked: it shows in place of Send, so that nobody is answered twice.

import { span } from "./times.js";
import { words } from "./words.js";

/** @typedef {import("./staff.js").Thread} Thread */
/** @typedef {import("./staff.js").Owner} Owner */
/** What somebody else did. @typedef {{text: () => string, threadId?: string}} News */

export class Colleagues {
  /** The newest message of a colleague in each thread that ends with one, and whose the person was. @type {{messages: Map<string, number>, ownerId?: string}|undefined} */ #seen;

  get isKnown() {
    return this.#seen !== undefined;
  }

  forget() {
    this.#seen = undefined;
  }

  /** Takes what there is as seen. @param {Thread[]} threads @param {Owner} [owner] */
  look(threads, owner) {
    this.#seen = { messages: newest(threads), ownerId: owner?.id };
  }

  /** Takes as seen whose the person is, as one has arranged it oneself. @param {string} ownerId */
  give(ownerId) {
    if (this.#seen) this.#seen.ownerId = ownerId;
  }

  /** What is new; the first look is none. @param {Thread[]} threads @param {Owner} [owner] @returns {News|undefined} */
  newsOf(threads, owner) {
    const { messages, ownerId } = this.#seen ??= { messages: newest(threads), ownerId: owner?.id };
    for (const [id, seq] of newest(threads)) {
      const last = threads.find((thread) => thread.id === id)?.lastMessage;
      if (last && seq > (messages.get(id) ?? 0)) return { text: () => words.case.answered(last.author.displayName, span(last.sentAt)), threadId: id };
    }
    return owner?.kind === "careManager" && owner.id !== ownerId ? { text: () => words.case.took(owner.displayName) } : undefined;
  }
}

/** @param {Thread[]} threads */
function newest(threads) {
  const theirs = threads.filter(({ lastMessage: { author } }) => author.role === "careManager" && !author.isMe);
  return new Map(theirs.map(({ id, lastMessage }) => [id, lastMessage.seq]));
}
