// One thread as its reader sees it: what was read so far, without a gap, and what is still on its way.

import { Problem, newKey } from "../client/client.js";

/** @typedef {import("../client/types").Message} Message */
/** @typedef {import("../client/types").MessagePage} MessagePage */
/** @typedef {{status: number, code: string, reason?: string}} Refusal  Why the API does not take a text. */
/** @typedef {{clientMessageId: string, text: string, refusal?: Refusal}} KeptText */
/** @typedef {{draft: string, unsent: KeptText[]}} Outbox */
/** @typedef {{load: () => Outbox|undefined, save: (kept: Outbox|undefined) => void}} Keeper  Where what is not sent outlives a reload. */
/**
 * "waiting" goes out by itself as soon as a call works; "refused" stays until its writer edits or deletes it.
 * @typedef {KeptText & {state: "sending"|"waiting"|"refused"}} Unsent
 */

/** @type {Keeper} */
const memoryOnly = { load: () => undefined, save() {} };

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
  /** Told of each text that was sent. */
  sent = () => {};
  /** Told why a text was not sent. @param {Problem} problem */
  failed = (problem) => void problem;

  /** @param {import("../client/client.js").CareChats} client @param {string} threadId @param {Keeper} [keeper] */
  constructor(client, threadId, keeper = memoryOnly) {
    this.#client = client;
    this.#id = threadId;
    this.#keeper = keeper;
    const { draft, unsent } = keeper.load() ?? { draft: "", unsent: [] };
    this.#draft = draft;
    this.unsent = unsent.map((text) => ({ ...text, state: text.refusal ? "refused" : "waiting" }));
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

  /** Reads what is new; made for `watch`. The first time it reads back to where its reader stopped. @param {"member"|"careManager"} side */
  async newest(side) {
    const answer = await this.#client.listMessages(this.#id);
    if (answer.body !== this.#page) {
      const { items, read } = answer.body;
      await this.#fill(items[0]?.seq ?? 1);
      this.#merge(items);
      if (!this.#page) while (this.hasOlder && this.messages[0].seq > read[side] + 1) await this.#readOlder(100);
      this.#page = answer.body;
    }
    return answer;
  }

  /** Reads a page of what came before. */
  async older() {
    await this.#readOlder();
    this.changed();
  }

  /** Sends a text, after whatever waits. @param {string} text */
  send(text) {
    this.unsent.push({ clientMessageId: newKey(), text, state: "waiting" });
    this.#keep();
    return this.resume();
  }

  /** Tries again, in its order, everything that waits. */
  resume() {
    for (const unsent of this.unsent) if (unsent.state === "waiting") this.#try(unsent);
    return this.#sending;
  }

  /** Gives up a text that was refused. @param {Unsent} unsent */
  drop(unsent) {
    this.unsent = this.unsent.filter((each) => each !== unsent);
    this.#keep();
    this.changed();
  }

  /** Puts a text that was refused back into the box, before what stands there. @param {Unsent} unsent */
  edit(unsent) {
    this.#draft = [unsent.text, this.#draft].filter(Boolean).join("\n");
    this.drop(unsent);
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
    const isHeldUp = this.unsent.slice(0, this.unsent.indexOf(unsent)).some(({ state }) => state === "waiting");
    if (isHeldUp) return void (unsent.state = "waiting"); // or it would overtake
    try {
      const message = await this.#client.sendMessage(this.#id, unsent.text, unsent.clientMessageId);
      await this.#fill(message.seq);
      this.#merge([message]);
      this.sent();
    } catch (problem) {
      if (!this.unsent.includes(unsent)) return;
      unsent.state = "waiting";
      if (!(problem instanceof Problem)) throw problem;
      if (!isPassing(problem)) Object.assign(unsent, { state: "refused", refusal: { status: problem.status, code: problem.code, reason: problem.reason } });
      this.#keep();
      this.failed(problem);
    }
  }

  /** @param {number} [limit] */
  async #readOlder(limit) {
    const { body } = await this.#client.listMessages(this.#id, { before: this.messages[0].seq, limit });
    this.#merge(body.items);
  }

  /** Reads what lies between the last message here and number `seq`. @param {number} seq */
  async #fill(seq) {
    while (this.messages.length > 0 && this.messages[this.messages.length - 1].seq + 1 < seq) {
      const { body } = await this.#client.listMessages(this.#id, { after: this.messages[this.messages.length - 1].seq });
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
    const unsent = this.unsent.map(({ clientMessageId, text, refusal }) => ({ clientMessageId, text, refusal }));
    this.#keeper.save(this.#draft || unsent.length ? { draft: this.#draft, unsent } : undefined);
  }
}

/** No answer, a session that ended, a service that is busy: the same may work later. @param {Problem} problem */
export const isPassing = ({ status, code }) => [0, 401, 429].includes(status) || status >= 500 || code === "";
