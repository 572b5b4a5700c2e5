// The API as one care manager sees it.

import { Problem, call } from "../client/http.js";
import { KeptAnswers } from "../client/kept.js";
import { Refusal, renew } from "./oidc.js";

/** @typedef {import("../client/types").Thread & {member: Person, owner?: Owner, late?: boolean, waitingSince?: string, unreadByMemberSince?: string}} Thread */
/** @typedef {import("../client/types").ChatRequest & {version: number, outcome?: string, note?: string,
 *   history: {at: string, action: "submitted"|"reasonChanged"|"assigned"|"cancelled"|"closed", by: "member"|"careManager"|"platform", reason?: {id: string, label: string}}[]}} Request */
/** @typedef {import("../client/types").Program} Program */
/** @typedef {{id: string, displayName: string}} Person */
/** @typedef {{kind: "careManager"|"department", id: string, displayName: string}} Owner */
/** @typedef {{id: string, member: Person, program: Program, reason: {id: string, label: string}, createdAt: string, dueAt: string, overdue: boolean,
 *   excerpt?: string, owner: Owner, version: number}} Task */
/** @typedef {{member: Person, program: Program, paused: boolean, owner: Owner, version: number}} Assignment */
/** @typedef {{id: string, coverId: string, from: string, to: string}} Coverage */
/** @typedef {{kind: "careManager", organization: {id: string, name: string}, draftKey?: string, id: string, displayName: string,
 *   departments: {id: string, name: string, careManagers: Person[]}[], covers: {careManager: Person, from: string, to: string}[],
 *   outcomes: {id: string, label: string}[]}} Me */
/** @typedef {{requests: Request[], threads: Thread[], member?: Person,
 *   programs?: {program: Program, owner: Owner, isYours: boolean, paused?: boolean, version?: number}[]}} Chats */
/** @typedef {{id: string, kind?: "notice"|"link"|"lock", channel?: "sms"|"email", decision: string, rule: string, by?: string, at: string, threads?: string[]}} Notice */
/** @template T @typedef {{items: T[], nextCursor?: string}} List */
/** @template T @typedef {import("../client/types").Polled<T>} Polled */
/** @typedef {"mine"|"department"|"covering"} Scope */

const segment = encodeURIComponent;

/** @param {string} memberId */
const member = (memberId) => `/members/${segment(memberId)}`;

/** @param {string} path @param {Record<string, string|number|undefined>} values */
function withQuery(path, values) {
  const given = Object.entries(values).flatMap(([name, value]) => value === undefined ? [] : [`${name}=${segment(String(value))}`]);
  return given.length ? `${path}?${given.join("&")}` : path;
}

export class Staff {
  #issuer;
  #tokens;
  #kept = new KeptAnswers((path, headers) => this.#call("GET", path, headers));
  /** @type {Promise<void>|undefined} */ #renewing;

  /** @param {import("./oidc.js").Issuer} issuer @param {import("./oidc.js").Tokens} tokens */
  constructor(issuer, tokens) {
    this.#issuer = issuer;
    this.#tokens = tokens;
  }

  /** Forgets the tokens: whatever is on its way comes too late. */
  signOut() {
    this.#tokens = { access: "", until: Infinity };
    this.#kept.forget();
  }

  /** @returns {Promise<Polled<Me>>} */
  me() {
    return this.#read("/me");
  }

  /** @param {Scope} scope @param {string} [cursor] @returns {Promise<Polled<List<Task>>>} */
  tasks(scope, cursor) {
    return this.#read(withQuery("/tasks", { scope, cursor }));
  }

  /** @param {"waiting"|"unreadByMember"} list @param {string} [cursor] @returns {Promise<Polled<List<Thread> & {tasks: {open: number, overdue: number}}>>} */
  inbox(list, cursor) {
    return this.#read(withQuery("/inbox", { list, cursor }));
  }

  /** @param {Scope} scope @param {string} [cursor] @returns {Promise<Polled<List<Assignment>>>} */
  caseload(scope, cursor) {
    return this.#read(withQuery("/caseload", { scope, cursor }));
  }

  /** @param {string} memberId @returns {Promise<Polled<Chats>>} */
  chats(memberId) {
    return this.#read(`${member(memberId)}/chats`);
  }

  /** @param {string} memberId @returns {Promise<List<Thread>>} */
  async pastThreads(memberId) {
    return (await this.#read(`${member(memberId)}/threads?state=inactive`)).body;
  }

  /** @param {string} memberId @param {string} requestId @returns {Promise<Request>} */
  async request(memberId, requestId) {
    return (await this.#read(`${member(memberId)}/chat-requests/${segment(requestId)}`)).body;
  }

  /**
   * @param {string} memberId @param {string} threadId @param {{after?: number, before?: number, limit?: number}} [range]
   * @returns {Promise<Polled<import("../client/types").MessagePage>>}
   */
  messages(memberId, threadId, range = {}) {
    return this.#read(withQuery(`${member(memberId)}/threads/${segment(threadId)}/messages`, range));
  }

  /** Writes in the caller's own thread, which the first message makes. @param {string} memberId @param {string} programId @param {string} text @param {string} clientMessageId */
  write(memberId, programId, text, clientMessageId) {
    return this.#change("POST", `${member(memberId)}/threads`, { programId, clientMessageId, text });
  }

  /** @param {string} memberId @param {string} threadId @param {number} seq */
  markRead(memberId, threadId, seq) {
    return this.#change("PUT", `${member(memberId)}/threads/${segment(threadId)}/read`, { seq });
  }

  /** @param {string} memberId @param {string} requestId @param {{outcome: string, note?: string}} closing */
  close(memberId, requestId, closing) {
    return this.#change("POST", `${member(memberId)}/chat-requests/${segment(requestId)}/close`, closing);
  }

  /**
   * 409 "already-claimed": `current` is whose it is. 412: it is not `version` any more.
   * @param {string} memberId @param {string} programId @param {number} [version] @returns {Promise<Assignment>}
   */
  claim(memberId, programId, version) {
    return this.#change("POST", `${member(memberId)}/enrollments/${segment(programId)}/claim`, undefined, version ? { "If-Match": `"${version}"` } : {});
  }

  /** @param {string} memberId @param {string} programId @param {{careManagerId?: string, departmentId?: string}} to @returns {Promise<Assignment>} */
  assign(memberId, programId, to) {
    return this.#change("POST", `${member(memberId)}/enrollments/${segment(programId)}/assign`, to);
  }

  /** @param {string} memberId @param {string} programId @param {boolean} paused */
  pause(memberId, programId, paused) {
    return this.#change("PUT", `${member(memberId)}/enrollments/${segment(programId)}/pause`, { paused });
  }

  /** @param {string} memberId */
  sendLink(memberId) {
    return this.#change("POST", `${member(memberId)}/links`);
  }

  /** @param {string} memberId @returns {Promise<import("../client/types").Preferences>} */
  async preferences(memberId) {
    return (await this.#read(`${member(memberId)}/preferences`)).body;
  }

  /** @param {string} memberId @param {string} [cursor] @returns {Promise<List<Notice>>} */
  async notices(memberId, cursor) {
    return (await this.#read(withQuery(`${member(memberId)}/notices`, { cursor }))).body;
  }

  /** @param {string} careManagerId @returns {Promise<List<Coverage>>} */
  async coverages(careManagerId) {
    return (await this.#read(`/care-managers/${segment(careManagerId)}/coverages`)).body;
  }

  /** @param {string} careManagerId @param {Coverage} coverage */
  cover(careManagerId, { id, ...coverage }) {
    return this.#change("PUT", `/care-managers/${segment(careManagerId)}/coverages/${segment(id)}`, coverage);
  }

  /** @param {string} careManagerId @param {string} id */
  endCoverage(careManagerId, id) {
    return this.#change("DELETE", `/care-managers/${segment(careManagerId)}/coverages/${segment(id)}`);
  }

  /** @param {string} path */
  #read(path) {
    return this.#kept.read(path);
  }

  /** @param {"POST"|"PUT"|"DELETE"} method @param {string} path @param {object} [body] @param {Record<string, string>} [headers] */
  async #change(method, path, body, headers = {}) {
    return (await this.#call(method, path, { ...headers, ...(body && { "Content-Type": "application/json" }) }, body)).body;
  }

  /** One call with a token that is good: one that is not is renewed. What comes after signing out is late. @param {string} method @param {string} path @param {Record<string, string>} headers @param {object} [body] */
  async #call(method, path, headers, body) {
    if (Date.now() > this.#tokens.until) await this.#renew();
    const once = () => call(`/v1${path}`, { method, headers: { ...headers, Authorization: `Bearer ${this.#tokens.access}` }, body: body && JSON.stringify(body) }, () => this.#isIn);
    try {
      return await once().catch(async (problem) => {
        if (problem.status !== 401 || !this.#isIn) throw problem;
        await this.#renew();
        return once();
      });
    } finally {
      if (!this.#isIn) throw Object.assign(new Problem(401, { code: "session-expired" }), { isLate: true });
    }
  }

  get #isIn() {
    return this.#tokens.access !== "";
  }

  #renew() {
    return this.#renewing ??= this.#renewOnce().finally(() => (this.#renewing = undefined));
  }

  async #renewOnce() {
    try {
      const tokens = await renew(this.#issuer, this.#tokens);
      if (!this.#isIn) return; // signed out meanwhile
      this.#tokens = tokens;
    } catch (problem) {
      if (problem instanceof Refusal) throw new Problem(401, { code: "session-expired" });
      throw Object.assign(new Problem(0, { code: "offline" }), { cause: problem });
    }
  }
}
