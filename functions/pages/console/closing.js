// A task's close that waits for a connection: it is kept as a draft is, and goes out after whatever was written before it.

import { isPassing } from "../common/conversation.js";

/** @typedef {{requestId: string, outcome: string, note?: string}} Close */

export class Closing {
  #send;
  #keeper;
  /** @type {Promise<void>|undefined} */ #trying;

  /** What waits. @type {Close|undefined} */
  waiting;

  /** @param {(close: Close) => Promise<void>} send  Rejects if it could not be sent. @param {{load: () => Close|undefined, save: (kept: Close|undefined) => void}} keeper */
  constructor(send, keeper) {
    this.#send = send;
    this.#keeper = keeper;
    this.waiting = keeper.load();
  }

  /** Sends it, now or later. Rejects if it was refused. @param {Close} close */
  begin(close) {
    this.#keep(close);
    return this.resume();
  }

  /** Tries again what waits. Rejects if it was refused. */
  resume() {
    return this.#trying ??= this.#try().finally(() => (this.#trying = undefined));
  }

  /** Takes back what waits. */
  drop() {
    this.#keep(undefined);
  }

  async #try() {
    if (!this.waiting) return;
    try {
      await this.#send(this.waiting);
    } catch (problem) {
      if (isPassing(/** @type {any} */ (problem))) return;
      this.#keep(undefined);
      throw problem;
    }
    this.#keep(undefined);
  }

  /** @param {Close|undefined} close */
  #keep(close) {
    this.waiting = close;
    this.#keeper.save(close);
  }
}
