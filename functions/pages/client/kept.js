// Answers that are kept, in memory only, to be used again when the server says that nothing changed.

const most = 32; // paths

/** @typedef {{status: number, headers: Headers, body: any}} Answer */

export class KeptAnswers {
  #get;
  /** @type {Map<string, {etag: string, body: any}>} */ #kept = new Map();

  /** @param {(path: string, headers: Record<string, string>) => Promise<Answer>} get */
  constructor(get) {
    this.#get = get;
  }

  /** A read that asks only for what changed; the body is the same object while nothing did. @param {string} path @returns {Promise<import("./types").Polled<any>>} */
  async read(path) {
    const kept = this.#kept, before = kept.get(path);
    const answer = await this.#get(path, before ? { "If-None-Match": before.etag } : {});
    const body = answer.status === 304 ? before?.body : answer.body;
    const etag = answer.headers.get("etag") ?? before?.etag;
    kept.delete(path); // and in again as the newest
    if (etag) kept.set(path, { etag, body });
    if (kept.size > most) kept.delete(kept.keys().next().value ?? "");
    return { body, pollAfter: Number(answer.headers.get("poll-after")) || 10 };
  }

  /** They were another person's. */
  forget() {
    this.#kept = new Map();
  }
}
