// One thread as its member sees it: what was read so far, without a gap, and what is still on its way.

import { Problem, newKey } from "./client.js";

/** @typedef {import("./client.js").Message} Message */
/** @typedef {import("./client.js").MessagePage} MessagePage */
/** @typedef {{clientMessageId: string, text: string, state: "sending"|"failed", problem?: Problem}} Unsent */

export class Conversation {
  #client;
  #id;
  /** The page that was merged last. @type {MessagePage|undefined} */ #page;
  /** Messages go one after the other, in the order in which they were written. @type {Promise<unknown>} */ #sending = Promise.resolve();

  /** Ascending, each once, without a gap. @type {Message[]} */ messages = [];
  /** @type {Unsent[]} */ unsent = [];
  /** What stands in the box; kept here so that a session that ends does not take it along. */
  draft = "";
  /** Called whenever `messages` or `unsent` changed without being asked to. */
  changed = () => {};

  /** @param {import("./client.js").CareChats} client @param {string} threadId */
  constructor(client, threadId) {
    this.#client = client;
    this.#id = threadId;
  }

  /** How far each side has read. */
  get read() {
    return this.#page?.read ?? { member: 0, careManager: 0 };
  }

  /** The first message of a thread is number 1. */
  get hasOlder() {
    return (this.messages[0]?.seq ?? 1) > 1;
  }

  /** Reads what is new; made for `watch`. */
  async newest() {
    const answer = await this.#client.messages(this.#id);
    if (answer.body !== this.#page) {
      await this.#fill(answer.body.items[0]?.seq ?? 1);
      this.#merge(answer.body.items);
      this.#page = answer.body;
    }
    return answer;
  }

  /** Reads a page of what came before. */
  async older() {
    const { body } = await this.#client.messages(this.#id, { before: this.messages[0].seq });
    this.#merge(body.items);
  }

  /** Sends a text; one that failed stays in `unsent` and keeps its id. @param {string} text */
  send(text) {
    const unsent = /** @type {Unsent} */ ({ clientMessageId: newKey(), text, state: "sending" });
    this.unsent.push(unsent);
    return this.retry(unsent);
  }

  /** @param {Unsent} unsent */
  retry(unsent) {
    unsent.state = "sending";
    this.changed();
    this.#sending = this.#sending.then(() => this.#deliver(unsent)).then(() => this.changed());
    return this.#sending;
  }

  /** @param {Unsent} unsent */
  async #deliver(unsent) {
    try {
      const message = await this.#client.send(this.#id, unsent.text, unsent.clientMessageId);
      await this.#fill(message.seq);
      this.#merge([message]);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (this.unsent.includes(unsent)) Object.assign(unsent, { state: "failed", problem });
    }
  }

  /** Reads what lies between the last message here and number `seq`. @param {number} seq */
  async #fill(seq) {
    while (this.messages.length > 0 && this.messages[this.messages.length - 1].seq + 1 < seq) {
      const { body } = await this.#client.messages(this.#id, { after: this.messages[this.messages.length - 1].seq });
      if (body.items.length === 0) return;
      this.#merge(body.items);
    }
  }

  /** A message of one's own may come by itself before the answer to its sending does. @param {Message[]} items */
  #merge(items) {
    const bySeq = new Map([...this.messages, ...items].map((message) => [message.seq, message]));
    this.messages = [...bySeq.values()].sort((a, b) => a.seq - b.seq);
    const arrived = new Set(items.map((message) => message.clientMessageId));
    this.unsent = this.unsent.filter((unsent) => !arrived.has(unsent.clientMessageId));
  }
}
