// A list of the API that is read page by page and then again and again.

/** @template T @typedef {import("./staff.js").List<T>} List */

const wholeEvery = 6; // reads of the first page until the further ones are read again too

/** @template T @template {List<T>} [A=List<T>] */
export class Feed {
  #read;
  #desk;
  /** @type {A[]} */ #pages = [];
  #reads = 0;
  /** @type {{now: () => void, stop: () => void}|undefined} */ #watching;

  /** When it was last known to be so. @type {Date|undefined} */ asOf;
  /** Why it could not be read since, in words. */
  trouble = "";

  /** @param {import("./desk.js").Desk} desk @param {(cursor?: string) => Promise<import("./staff.js").Polled<A>>} read @param {() => void} changed */
  constructor(desk, read, changed) {
    this.#desk = desk;
    this.#read = read;
    this.#watching = desk.watch(() => this.#readAgain(), () => changed(), (problem) => {
      this.trouble = desk.describe(problem);
      desk.fail(problem);
    });
  }

  get isKnown() {
    return this.#pages.length > 0;
  }

  /** @returns {T[]} */
  get items() {
    return this.#pages.flatMap(({ items }) => items);
  }

  /** The first page, which may say more than its items. */
  get first() {
    return /** @type {A|undefined} */ (this.#pages[0]);
  }

  get hasMore() {
    return this.#pages[this.#pages.length - 1]?.nextCursor !== undefined;
  }

  now() {
    this.#watching?.now();
  }

  stop() {
    this.#watching?.stop();
  }

  /** Reads the next page. */
  async more() {
    const last = this.#pages[this.#pages.length - 1];
    if (!last?.nextCursor) return;
    const { body } = await this.#read(last.nextCursor);
    if (this.#pages[this.#pages.length - 1] === last) this.#pages.push(body);
  }

  /** The first page, and when that has changed, or seldom, the others. The body is the same object while nothing changed. */
  async #readAgain() {
    const { body, pollAfter } = await this.#read();
    const isDue = body !== this.#pages[0] || ++this.#reads % wholeEvery === 0;
    if (isDue) this.#pages = await this.#readAll(body);
    this.asOf = new Date();
    this.trouble = "";
    return { body: this.#pages.length > 1 && isDue ? { pages: this.#pages } : body, pollAfter };
  }

  /** @param {A} first */
  async #readAll(first) {
    const pages = [first];
    while (pages.length < this.#pages.length && pages[pages.length - 1].nextCursor) pages.push((await this.#read(pages[pages.length - 1].nextCursor)).body);
    return pages;
  }
}
