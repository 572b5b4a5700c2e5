// A client of the Care Chats API for a member's app. One file without dependencies: copy it.
//
//   const client = new CareChats();
//   const { token } = await client.logIn(link, "1970-02-03");   // the client uses it from now on; keeping it is the app's business
//   const watching = watch(() => client.chats(), (chats) => show(chats), (problem) => tell(problem));   // until watching.stop()
//
// Every call may be repeated without harm: a read is a read, a message and a request carry a key of their own, and everything else
// says what shall be, not what shall change. So the client repeats by itself what a weak connection lost, and an app may do so again.

/**
 * `draftKey` is 32 random bytes of this person, base64url: for encrypting what an app keeps on a device. It opens nothing else.
 * @typedef {{kind: "member", organization: {id: string, name: string}, draftKey?: string, id: string, displayName: string, language: string}} Me
 */
/** @typedef {{name: string, languages: string[]}} Organization  Whose link it is, for whoever has not logged in. */
/** @typedef {{id: string, name: string}} Program */
/** @typedef {{id: string, label: string, programIds?: string[]}} Reason  Without `programIds` it is for every program. */
/** @typedef {{role: "member"|"careManager", displayName: string, isMe: boolean}} Author */
/** @typedef {{id: string, seq: number, author: Author, text: string, sentAt: string, clientMessageId?: string}} Message */
/**
 * `allowedActions` is what the member may do now; it is `late` when the promised reply is overdue.
 * @typedef {{id: string, state: "open"|"closed"|"cancelled", program: Program, reason: Reason, comment: string, createdAt: string, updatedAt: string,
 *   expectedReplyBy: string, late?: boolean, allowedActions: ("changeReason"|"cancel")[]}} ChatRequest
 */
/** @typedef {Omit<ChatRequest, "comment">} EndedRequest */
/** @typedef {{id: string, displayName: string, cover?: {displayName: string, until: string}}} CareManager  `cover` answers for them now. */
/**
 * @typedef {{id: string, program: Program, careManager: CareManager, state: "active"|"inactive", lastSeq: number, unreadCount: number, updatedAt: string,
 *   lastMessage: {seq: number, author: Author, preview: string, sentAt: string},
 *   canReply: {allowed: boolean, reason?: "programClosed"|"notYours"}}} Thread
 */
/** @typedef {{hasUnread: boolean, threads: number, messages: number}} Unread */
/**
 * The whole Chats screen: open requests, each program's last one that ended within 30 days, active threads, and in `paused` the ids of programs
 * whose notices are paused.
 * @typedef {{unread: Unread, requests: ChatRequest[], ended?: EndedRequest[], threads: Thread[], canRequest: {allowed: boolean, reason?: "noProgram"|"openRequest"},
 *   emergency: string, paused: string[]}} Chats
 */
/**
 * A comment's `maxLength` is in code points.
 * @typedef {{intro: string, emergency: string, programs: (Program & {isDefault: boolean, owner?: {kind: string, displayName: string}})[], reasons: Reason[], comment: {maxLength: number}}} RequestForm
 */
/**
 * `items` ascend; `hasMore`: in the direction asked, older ones or with `after` newer ones; `read`: how far each side has read.
 * @typedef {{items: Message[], hasMore: boolean, lastSeq: number, read: {member: number, careManager: number}, thread: Thread}} MessagePage
 */
/** @typedef {"usable"|"unconfirmed"|"optedOut"|"optedOutAtCarrier"|"failing"|"missing"} ChannelStatus  Whether a notice would arrive. */
/**
 * A way to be told of new messages. The address is masked; `fix` is what would make it usable.
 * @typedef {{kind: "sms"|"email", selected: boolean, status: ChannelStatus, address?: string, fix?: "confirmEmail"|"textStart"|"askCareTeam"}} Channel
 */
/** @typedef {{from: string, to: string}} QuietHours  "22:00", by the member's own clock. */
/** @typedef {{channels: Channel[], quietHours?: QuietHours, warning?: "nobodyWillBeTold"}} Preferences  The warning comes with a change. */
/** @typedef {{kind: "thread"|"request"|"home", id?: string}} Landing  What the notice was about. */
/** @typedef {{token: string, expiresAt: string, landing: Landing}} Session */
/**
 * @typedef {{code?: string, title?: string, detail?: string, reason?: string, requestId?: string,
 *   errors?: {pointer: string, code: string, detail: string}[], organization?: Organization, current?: any}} ProblemBody
 */
/** @template T @typedef {{body: T, pollAfter: number}} Polled  `body` is the same object while nothing changed; seconds until asking again. */

/** What the server refused (`status` 400 and above), or a call that got no answer at all (`status` 0, `code` "offline"). */
export class Problem extends Error {
  /** @param {number} status @param {ProblemBody} body @param {number} [retryAfter] */
  constructor(status, body, retryAfter) {
    super(body.detail ?? body.title ?? body.code ?? `status ${status}`);
    this.name = "Problem";
    this.status = status;
    /** What to branch on: "link-invalid", "open-request-exists" and so on. "" where something before the API answered. */
    this.code = body.code ?? "";
    this.detail = body.detail ?? "";
    this.reason = body.reason;
    /** Which members of the body, and what is wrong with each. */
    this.errors = body.errors ?? [];
    /** Whose link it is, where a birth date is asked for. */
    this.organization = body.organization;
    /** The request as it stands, where a change came too late. */
    this.current = body.current;
    /** For whoever asks support. */
    this.requestId = body.requestId;
    /** Seconds after which to try again, where the server says so. */
    this.retryAfter = retryAfter;
    /** The session that asked was no longer in use when the answer came: nobody's any more. A late 401 does not end the session in use. */
    this.isLate = false;
  }
}

/** A key for one message or one request. Make it once, keep it while that text is being tried, however often. @returns {string} */
export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const attempts = 3;
const timeout = 15_000; // milliseconds
const longestWait = 5; // seconds, for a repeat of one's own
const keptAnswers = 32;

/** The API as one member sees it. Every method rejects with a {@link Problem}. */
export class CareChats {
  #base;
  #token;
  /** Bodies by path, in memory only, to be used again when the server answers that nothing changed. @type {Map<string, {etag: string, body: any}>} */
  #kept = new Map();

  /** @param {{token?: string, base?: string}} [options]  `base` is the API's address, without a slash at its end. */
  constructor({ token, base = "/v1" } = {}) {
    this.#token = token;
    this.#base = base;
  }

  /** Has a fresh link sent to a phone or an email address; the answer is the same if nobody is known there. @param {string} contact @returns {Promise<void>} */
  async requestLink(contact) {
    await this.#call("POST", "/links", { body: { contact }, once: true });
  }

  /**
   * Whose link it is, without the birth date, which costs no try. 410 "link-invalid": ask for a new one.
   * @param {string} link @returns {Promise<Organization|undefined>}
   */
  async organization(link) {
    try {
      await this.#call("POST", "/sessions", { body: { link } });
    } catch (problem) {
      if (problem instanceof Problem && problem.code === "factor-required") return problem.organization;
      throw problem;
    }
  }

  /**
   * Exchanges a notice's link and the birth date for a session, which this client uses from now on.
   * 403 "factor-required": not the birth date; 410 "link-invalid": ask for a new one; 429: locked, see `retryAfter`.
   * It is not repeated by itself, since a wrong date counts.
   * @param {string} link @param {string} birthDate  "1970-02-03" @returns {Promise<Session>}
   */
  async logIn(link, birthDate) {
    const { body } = await this.#call("POST", "/sessions", { body: { link, birthDate }, once: true });
    this.#kept = new Map();
    this.#token = body.token;
    return body;
  }

  /** Ends the session, here at once and on the server. @returns {Promise<void>} */
  async logOut() {
    const ended = this.#call("DELETE", "/sessions/current", { isLast: true });
    this.#kept = new Map();
    this.#token = undefined;
    await ended;
  }

  /** @returns {Promise<Me>} */
  async me() {
    return (await this.#read("/me")).body;
  }

  /** @returns {Promise<Polled<Chats>>} */
  chats() {
    return this.#read("/members/me/chats");
  }

  /** What the dot shows; `chats` has it too. @returns {Promise<Polled<Unread>>} */
  unread() {
    return this.#read("/members/me/unread");
  }

  /** @param {string} [programId]  The one that is open in the app: it becomes the default. @returns {Promise<RequestForm>} */
  async requestForm(programId) {
    return (await this.#read(`/members/me/request-form${query({ programId })}`)).body;
  }

  /**
   * 409 "open-request-exists": `current` is that request.
   * @param {{programId: string, reasonId: string, comment: string}} request
   * @param {string} [key]  From {@link newKey}: give the same one when the same request is tried again.
   * @returns {Promise<ChatRequest>}
   */
  async createRequest({ programId, reasonId, comment }, key = newKey()) {
    const headers = { "Idempotency-Key": key };
    return (await this.#call("POST", "/members/me/chat-requests", { body: { programId, reasonId, comment }, headers })).body;
  }

  /** One request, also one that has ended. @param {string} requestId @returns {Promise<ChatRequest>} */
  async request(requestId) {
    return (await this.#read(`/members/me/chat-requests/${segment(requestId)}`)).body;
  }

  /** 409 "request-closed" and "request-cancelled": too late. @param {string} requestId @param {string} reasonId @returns {Promise<ChatRequest>} */
  async changeReason(requestId, reasonId) {
    return (await this.#call("PATCH", `/members/me/chat-requests/${segment(requestId)}`, { body: { reasonId } })).body;
  }

  /** @param {string} requestId @returns {Promise<ChatRequest>} */
  async cancelRequest(requestId) {
    return (await this.#call("POST", `/members/me/chat-requests/${segment(requestId)}/cancel`)).body;
  }

  /**
   * Newest first, page by page; `chats` has the active ones in one answer.
   * @param {"active"|"inactive"} state @param {string} [cursor]  The page before's `nextCursor`.
   * @returns {Promise<Polled<{items: Thread[], nextCursor?: string}>>}
   */
  threads(state, cursor) {
    return this.#read(`/members/me/threads${query({ state, cursor })}`);
  }

  /**
   * The newest messages; those after a `seq`, or those before it. Both are exclusive.
   * @param {string} threadId @param {{after?: number, before?: number, limit?: number}} [range] @returns {Promise<Polled<MessagePage>>}
   */
  messages(threadId, { after, before, limit } = {}) {
    return this.#read(`/members/me/threads/${segment(threadId)}/messages${query({ after, before, limit })}`);
  }

  /**
   * @param {string} threadId @param {string} text
   * @param {string} [clientMessageId]  From {@link newKey}: give the same one when the same message is tried again, and it is stored once.
   * @returns {Promise<Message>}
   */
  async send(threadId, text, clientMessageId = newKey()) {
    return (await this.#call("POST", `/members/me/threads/${segment(threadId)}/messages`, { body: { clientMessageId, text } })).body;
  }

  /** Says that everything up to `seq` was read. @param {string} threadId @param {number} seq @returns {Promise<{seq: number, unreadCount: number}>} */
  async markRead(threadId, seq) {
    return (await this.#call("PUT", `/members/me/threads/${segment(threadId)}/read`, { body: { seq } })).body;
  }

  /** @returns {Promise<Preferences>} */
  async preferences() {
    return (await this.#read("/members/me/preferences")).body;
  }

  /** Without `quietHours` there are none. @param {{channels: ("sms"|"email")[], quietHours?: QuietHours}} preferences @returns {Promise<Preferences>} */
  async savePreferences({ channels, quietHours }) {
    return (await this.#call("PUT", "/members/me/preferences", { body: { channels, quietHours } })).body;
  }

  /** Stops a program's notices, or lets them come again. @param {string} programId @param {boolean} paused @returns {Promise<{paused: boolean}>} */
  async pause(programId, paused) {
    return (await this.#call("PUT", `/members/me/enrollments/${segment(programId)}/pause`, { body: { paused } })).body;
  }

  /** A read that asks only for what changed. @param {string} path @returns {Promise<Polled<any>>} */
  async #read(path) {
    const kept = this.#kept, before = kept.get(path);
    const answer = await this.#call("GET", path, { headers: before ? { "If-None-Match": before.etag } : {} });
    const body = answer.status === 304 ? before?.body : answer.body;
    const etag = answer.headers.get("etag") ?? before?.etag;
    kept.delete(path); // and in again as the newest
    if (etag) kept.set(path, { etag, body });
    if (kept.size > keptAnswers) kept.delete(kept.keys().next().value ?? "");
    return { body, pollAfter: Number(answer.headers.get("poll-after")) || 10 };
  }

  /**
   * One call, repeated while it gets no answer or "not now", unless it may be made only `once`. What comes when its session is no longer in
   * use, good or bad, is late, unless it is the session's last: another member may be here by then.
   * @param {string} method @param {string} path @param {{body?: object, headers?: Record<string, string>, once?: boolean, isLast?: boolean}} [options]
   */
  async #call(method, path, { body, headers = {}, once = false, isLast = false } = {}) {
    const token = this.#token;
    const sent = { ...headers, ...(token && { Authorization: `Bearer ${token}` }), ...(body && { "Content-Type": "application/json" }) };
    const init = { method, headers: sent, body: body && JSON.stringify(body), cache: /** @type {const} */ ("no-store") };
    for (let attempt = 1; ; attempt++) {
      try {
        return await exchange(this.#base + path, init);
      } catch (problem) {
        if (once || attempt === attempts || !worthRepeating(problem)) throw problem;
        await pause(backoff(attempt, problem));
      } finally {
        if (token !== this.#token && !isLast) throw Object.assign(new Problem(401, { code: "session-expired" }), { isLate: true });
      }
    }
  }
}

/**
 * Reads again and again, as often as the server wants it, and shows what changed. It rests while the page is hidden, looks at once when the
 * page comes back, gets the focus, or the network is there again, and stops by itself when the API says that the session has ended or that
 * the thing is not there. Nothing else ends it: whatever `read` or `show` throws, it tells `fail` and tries again later.
 * @template T
 * @param {() => Promise<Polled<T>>} read
 * @param {(body: T) => void} show
 * @param {(problem: any) => void} fail  Told what was thrown, a {@link Problem} or a fault of the caller's; the next read that works is shown even if nothing changed.
 * @returns {{now: () => void, stop: () => void}}  `now` reads at once: after a change of one's own.
 */
export function watch(read, show, fail) {
  const page = globalThis.document;
  /** @type {T|undefined} */ let shown;
  let timer = 0, stopped = false, busy = false, again = false, failures = 0;

  async function look() {
    if (stopped || page?.hidden) return;
    if (busy) return void (again = true);
    clearTimeout(timer);
    busy = true;
    const wait = await once();
    busy = false;
    if (stopped) return;
    timer = setTimeout(look, again ? 0 : wait);
    again = false;
  }

  /** One read; answers with the milliseconds until the next, and never throws. */
  async function once() {
    try {
      const { body, pollAfter } = await read();
      if (!stopped && body !== shown) show(body);
      shown = body;
      failures = 0;
      return pollAfter * 1000;
    } catch (problem) {
      shown = undefined;
      if (problem instanceof Problem && problem.isLate) return 0;
      if (problem instanceof Problem && isFinal(problem)) stop();
      tell(problem);
      const asked = problem instanceof Problem ? problem.retryAfter ?? 0 : 0;
      return Math.max(asked * 1000, Math.min(60_000, 2000 * 2 ** failures++));
    }
  }

  /** @param {unknown} problem */
  function tell(problem) {
    try { fail(problem); } catch (fault) { console.error(fault); }
  }

  function stop() {
    stopped = true;
    clearTimeout(timer);
    page?.removeEventListener("visibilitychange", look);
    for (const event of ["online", "focus"]) globalThis.removeEventListener?.(event, look);
  }

  page?.addEventListener("visibilitychange", look);
  for (const event of ["online", "focus"]) globalThis.addEventListener?.(event, look);
  look();
  return { now: look, stop };
}

/** The API itself says so; a refusal without a code comes from something before it, and may pass. @param {Problem} problem */
const isFinal = ({ status, code }) => [401, 403, 404].includes(status) && code !== "";

/** @param {string} url @param {RequestInit} init */
async function exchange(url, init) {
  const { status, headers, text } = await fetchText(url, init);
  if (status >= 400) throw new Problem(status, problemIn(text), Number(headers.get("retry-after")) || undefined);
  try {
    return { status, headers, body: JSON.parse(text || "{}") };
  } catch (cause) {
    throw offline(cause); // somebody else answered: a hotel's log-in page is no JSON
  }
}

/** Only what the network refuses is "offline": a request that cannot be made at all is a fault of the caller's. @param {string} url @param {RequestInit} init */
async function fetchText(url, init) {
  const aborting = new AbortController();
  const request = new Request(url, { ...init, signal: aborting.signal });
  const timer = setTimeout(() => aborting.abort(), timeout); // older browsers have no AbortSignal.timeout
  try {
    const answer = await fetch(request);
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  } catch (cause) {
    throw offline(cause);
  } finally {
    clearTimeout(timer);
  }
}

/** @param {unknown} cause */
const offline = (cause) => Object.assign(new Problem(0, { code: "offline" }), { cause });

/** What stands before the API answers in forms of its own. @param {string} text */
function problemIn(text) {
  try { return JSON.parse(text) ?? {}; } catch { return {}; }
}

/** No answer, or "not now" with a wait that nobody notices. @param {unknown} problem @returns {problem is Problem} */
function worthRepeating(problem) {
  return problem instanceof Problem && [0, 429, 502, 503, 504].includes(problem.status) && (problem.retryAfter ?? 0) <= longestWait;
}

/** Milliseconds before the next attempt, partly at random, so that many clients do not come back at once. @param {number} attempt @param {Problem} problem */
function backoff(attempt, { status, retryAfter }) {
  const least = retryAfter ?? (status === 0 ? 0 : 1); // whoever answers "not now" wants a second or two
  return least * 1000 + Math.random() * 200 * 2 ** attempt;
}

/** @param {number} milliseconds */
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const segment = encodeURIComponent;

/** @param {Record<string, string|number|undefined>} values */
function query(values) {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return given.length ? `?${given.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join("&")}` : "";
}
