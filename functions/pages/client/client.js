// A client of the Care Chats API for a member's app: in a browser, Node or React Native. README.md beside it says how to begin.
//
// Every call may be repeated without harm: a read changes nothing, a message and a request carry a key of their own, and every other
// call states the result. So the client repeats by itself what a weak connection lost, and an app may do so again.

import { Problem, call } from "./http.js";
import { KeptAnswers } from "./kept.js";
import { pageOnline, pageVisible, watch } from "./watch.js";

export { Problem, watch };

/** @template T @typedef {import("./types").Polled<T>} Polled */
/** @typedef {import("./types").ChatRequest} ChatRequest */
/** @typedef {import("./types").Preferences} Preferences */

const storedToken = "care-chats-session";

/** A key for one message or one request: make it once and use it for every try of that text. It is no secret. */
export function newKey() {
  const bytes = new Uint8Array(16);
  const random = /** @type {Crypto|undefined} */ (globalThis.crypto); // React Native has none
  if (random) random.getRandomValues(bytes);
  else bytes.forEach((_, i) => (bytes[i] = Math.random() * 256));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * The API as one member sees it. A method has the name of the contract's operation and rejects with a {@link Problem}. Methods that are
 * made for polling return {@link Polled}, all others the body.
 */
export class CareChats {
  #base;
  #token;
  #storage;
  #signals;
  /** Settled once the storage was asked for a token. @type {Promise<void>|undefined} */
  #asked;
  #kept = new KeptAnswers((path, headers) => this.#call("GET", path, { headers }));

  /**
   * `base` is the API's address, without a slash at its end. With a `storage` the session outlives the app; without one, the app keeps the
   * token itself. In a page, `visible` and `online` are the page's by default.
   * @param {{base?: string, token?: string, storage?: import("./types").Storage, visible?: import("./types").Signal, online?: import("./types").Changes}} [options]
   */
  constructor({ base = "/v1", token, storage, visible = pageVisible, online = pageOnline } = {}) {
    this.#base = base;
    this.#token = token;
    this.#storage = storage;
    this.#signals = { visible, online };
    if (storage && !token) this.#asked = this.#restore(storage);
  }

  /** Has a new link sent to a phone or an email address; the answer is the same if nobody is known there. @param {string} contact @returns {Promise<void>} */
  async askForLink(contact) {
    await this.#call("POST", "/links", { body: { contact }, once: true });
  }

  /**
   * The organization whose link it is, also while its member is locked out. It does not count as a try. 410 "link-invalid": ask for a new one.
   * @param {string} link @returns {Promise<import("./types").Organization|undefined>}
   */
  async whoseLink(link) {
    try {
      await this.#call("POST", "/sessions", { body: { link } });
    } catch (problem) {
      if (problem instanceof Problem && problem.organization) return problem.organization;
      throw problem;
    }
  }

  /**
   * Exchanges a notice's link and the birth date for a session, which this client uses from now on.
   * 403 "factor-required": the wrong birth date; 410 "link-invalid": ask for a new one; 429: locked, see `retryAfter`.
   * The client does not repeat it, because each wrong date counts.
   * @param {string} link @param {string} birthDate  "1970-02-03" @returns {Promise<import("./types").Session>}
   */
  async logIn(link, birthDate) {
    const { body } = await this.#call("POST", "/sessions", { body: { link, birthDate }, once: true });
    this.#kept.forget();
    this.#token = body.token;
    await this.#storage?.setItem(storedToken, body.token);
    return body;
  }

  /** Ends the session, here at once and on the server. @returns {Promise<void>} */
  async logOut() {
    const ended = this.#call("DELETE", "/sessions/current", { isLast: true });
    if (this.#asked) await this.#asked;
    this.#kept.forget();
    this.#token = undefined;
    await Promise.all([ended, this.#storage?.removeItem(storedToken)]);
  }

  /** @returns {Promise<import("./types").Me>} */
  async getMe() {
    return (await this.#read("/me")).body;
  }

  /** @returns {Promise<Polled<import("./types").Chats>>} */
  getChats() {
    return this.#read("/members/me/chats");
  }

  /** What the dot shows; `getChats` has it too. @returns {Promise<Polled<import("./types").Unread>>} */
  getUnread() {
    return this.#read("/members/me/unread");
  }

  /** @param {string} [programId]  The one that is open in the app: it becomes the default. @returns {Promise<import("./types").RequestForm>} */
  async getRequestForm(programId) {
    return (await this.#read(`/members/me/request-form${query({ programId })}`)).body;
  }

  /**
   * 409 "open-request-exists": `current` is that request.
   * @param {{programId: string, reasonId: string, comment: string}} request
   * @param {string} [key]  From {@link newKey}: give the same one when the same request is tried again.
   * @returns {Promise<ChatRequest>}
   */
  async requestChat({ programId, reasonId, comment }, key = newKey()) {
    const headers = { "Idempotency-Key": key };
    return (await this.#call("POST", "/members/me/chat-requests", { body: { programId, reasonId, comment }, headers })).body;
  }

  /** One request, open or ended. @param {string} requestId @returns {Promise<ChatRequest>} */
  async getChatRequest(requestId) {
    return (await this.#read(`/members/me/chat-requests/${segment(requestId)}`)).body;
  }

  /** 409 "request-closed" and "request-cancelled": too late. @param {string} requestId @param {string} reasonId @returns {Promise<ChatRequest>} */
  async changeReason(requestId, reasonId) {
    return (await this.#call("PATCH", `/members/me/chat-requests/${segment(requestId)}`, { body: { reasonId } })).body;
  }

  /** 409 "request-closed": too late. @param {string} requestId @returns {Promise<ChatRequest>} */
  async cancelChatRequest(requestId) {
    return (await this.#call("POST", `/members/me/chat-requests/${segment(requestId)}/cancel`)).body;
  }

  /** All of them, newest first; `getChats` has the active ones too. @param {"active"|"inactive"} state @returns {Promise<Polled<{items: import("./types").Thread[]}>>} */
  listThreads(state) {
    return this.#read(`/members/me/threads${query({ state })}`);
  }

  /**
   * The newest messages; those after a `seq`, or those before it. Both are exclusive.
   * @param {string} threadId @param {{after?: number, before?: number, limit?: number}} [range] @returns {Promise<Polled<import("./types").MessagePage>>}
   */
  listMessages(threadId, { after, before, limit } = {}) {
    return this.#read(`/members/me/threads/${segment(threadId)}/messages${query({ after, before, limit })}`);
  }

  /**
   * @param {string} threadId @param {string} text
   * @param {string} [clientMessageId]  From {@link newKey}: give the same one when the same message is tried again, and it is stored once.
   * @returns {Promise<import("./types").Message>}
   */
  async sendMessage(threadId, text, clientMessageId = newKey()) {
    return (await this.#call("POST", `/members/me/threads/${segment(threadId)}/messages`, { body: { clientMessageId, text } })).body;
  }

  /** Says that everything up to `seq` was read. @param {string} threadId @param {number} seq @returns {Promise<{seq: number, unreadCount: number}>} */
  async markRead(threadId, seq) {
    return (await this.#call("PUT", `/members/me/threads/${segment(threadId)}/read`, { body: { seq } })).body;
  }

  /** @returns {Promise<Preferences>} */
  async getPreferences() {
    return (await this.#read("/members/me/preferences")).body;
  }

  /**
   * Without `quietHours` there are none.
   * @param {{channels: import("./types").ChannelKind[], quietHours?: import("./types").QuietHours}} preferences @returns {Promise<Preferences>}
   */
  async putPreferences({ channels, quietHours }) {
    return (await this.#call("PUT", "/members/me/preferences", { body: { channels, quietHours } })).body;
  }

  /** Pauses a program's notices, or ends the pause. @param {string} programId @param {boolean} paused @returns {Promise<{paused: boolean}>} */
  async pauseNotices(programId, paused) {
    return (await this.#call("PUT", `/members/me/enrollments/${segment(programId)}/pause`, { body: { paused } })).body;
  }

  /**
   * Is {@link watch} by this client's `visible` and `online`.
   * @template T
   * @param {() => Promise<Polled<T>>} read  Such as `() => client.getChats()`.
   * @param {(body: T) => void} show
   * @param {(problem: any) => void} fail
   */
  watch(read, show, fail) {
    return watch(read, show, fail, this.#signals);
  }

  /** @param {import("./types").Storage} storage */
  async #restore(storage) {
    const token = await storage.getItem(storedToken);
    this.#token ??= token ?? undefined;
  }

  /** @param {string} path @returns {Promise<Polled<any>>} */
  #read(path) {
    return this.#kept.read(path);
  }

  /**
   * One call with the session's token. What comes when that session is no longer in use, good or bad, is late, unless it is the session's
   * last: another member may be here by then.
   * @param {string} method @param {string} path @param {{body?: object, headers?: Record<string, string>, once?: boolean, isLast?: boolean}} [options]
   */
  async #call(method, path, { body, headers = {}, once = false, isLast = false } = {}) {
    if (this.#asked) await this.#asked;
    const token = this.#token, isOver = () => token !== this.#token && !isLast;
    const sent = { ...headers, ...(token && { Authorization: `Bearer ${token}` }), ...(body && { "Content-Type": "application/json" }) };
    try {
      return await call(this.#base + path, { method, headers: sent, body: body && JSON.stringify(body) }, () => !once && !isOver());
    } finally {
      if (isOver()) throw Object.assign(new Problem(401, { code: "session-expired" }), { isLate: true });
    }
  }
}

const segment = encodeURIComponent;

/** @param {Record<string, string|number|undefined>} values */
function query(values) {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return given.length ? `?${given.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join("&")}` : "";
}
