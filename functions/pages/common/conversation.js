// One thread as its member sees it: what was read so far, without a gap, and what is still on its way.

import { Problem, newKey } from "./client.js";

/** @typedef {import("./client.js").Message} Message */
/** @typedef {import("./client.js").MessagePage} MessagePage */
/** @typedef {import("./tab.js").Outbox} Outbox */
/** @typedef {{clientMessageId: string, text: string, state: "sending"|"failed", problem?: Problem}} Unsent */
/** @typedef {{load: () => Outbox, save: (kept: Outbox) => void}} Keeper  Where what is not sent outlives a reload. */

/** @type {Keeper} */
const memoryOnly = { load: () => ({ draft: "", unsent: [] }), save() {} };

export class Conversation {
  #client;
  #id;
  #keeper;
  #draft;
  /** The page that was merged last. @type {MessagePage|undefined} */ #page;
  /** Messages go one after the other, in the order in which they were written. @type {Promise<unknown>} */ #sending = Promise.resolve();

  /** Ascending, each once, without a gap. @type {Message[]} */ messages = [];
  /** @type {Unsent[]} */ unsent = [];
  /** Called whenever something changed without being asked to. */
  changed = () => {};
  /** Told why a text was not sent. @param {Problem} problem */
  refused = (problem) => void problem;

  /** @param {import("./client.js").CareChats} client @param {string} threadId @param {Keeper} [keeper] */
  constructor(client, threadId, keeper = memoryOnly) {
    this.#client = client;
    this.#id = threadId;
    this.#keeper = keeper;
    const { draft, unsent } = keeper.load();
    this.#draft = draft;
    this.unsent = unsent.map((text) => ({ ...text, state: "failed" }));
  }

  /** What stands in the box. */
  get draft() {
    return this.#draft;
  }

  set draft(text) {
    this.#draft = text;
    this.#keep();
  }

  /** The thread as it was read last. */
  get thread() {
    return this.#page?.thread;
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
    this.changed();
  }

  /** Sends a text; one that failed stays in `unsent` and keeps its id. @param {string} text */
  send(text) {
    const unsent = /** @type {Unsent} */ ({ clientMessageId: newKey(), text, state: "sending" });
    this.unsent.push(unsent);
    this.#keep();
    this.#try(unsent);
    return this.#sending;
  }

  /** Tries again, in its order, everything that is not on its way: after a reload, or when the network is back. */
  resume() {
    for (const unsent of this.unsent) if (unsent.state === "failed") this.#try(unsent);
    return this.#sending;
  }

  /** Tries one again, and what was written before it first. @param {Unsent} unsent */
  retry(unsent) {
    for (const each of this.unsent.slice(0, this.unsent.indexOf(unsent) + 1)) if (each.state === "failed") this.#try(each);
    return this.#sending;
  }

  /** @param {Unsent} unsent */
  #try(unsent) {
    unsent.state = "sending";
    this.changed();
    this.#sending = this.#sending.then(() => this.#deliver(unsent)).then(() => this.changed());
  }

  /** @param {Unsent} unsent */
  async #deliver(unsent) {
    if (!this.unsent.includes(unsent)) return; // it came by itself meanwhile
    try {
      const before = this.unsent.slice(0, this.unsent.indexOf(unsent)).find(({ state }) => state === "failed");
      if (before?.problem && isPassing(before.problem)) throw before.problem; // or it would overtake
      const message = await this.#client.send(this.#id, unsent.text, unsent.clientMessageId);
      await this.#fill(message.seq);
      this.#merge([message]);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (!this.unsent.includes(unsent)) return;
      Object.assign(unsent, { state: "failed", problem });
      this.refused(problem);
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
    this.#keep();
  }

  #keep() {
    this.#keeper.save({ draft: this.#draft, unsent: this.unsent.map(({ clientMessageId, text }) => ({ clientMessageId, text })) });
  }
}

/** No answer, a session that ended, a service that is busy: the same may work later. @param {Problem} problem */
const isPassing = ({ status }) => [0, 401, 429].includes(status) || status >= 500;
