// One call over HTTP: its time limit, its repeats, and the problem that it ends with.

/** @typedef {import("./types").ProblemBody} ProblemBody */

const attempts = 3;
const timeout = 15_000; // milliseconds
const longestWait = 5; // seconds, for a repeat of one's own

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
    /** Which fields of the body, and what is wrong with each. */
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

/** One call, repeated while it gets no answer or "not now" and `mayRepeat`. @param {string} url @param {RequestInit} init @param {() => boolean} mayRepeat */
export async function call(url, init, mayRepeat) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await exchange(url, init);
    } catch (problem) {
      if (attempt === attempts || !worthRepeating(problem) || !mayRepeat()) throw problem;
      await pause(backoff(attempt, problem));
    }
  }
}

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

/**
 * Only what the network refuses is "offline": a request that cannot be made at all is a fault of the caller's. It sets no `cache`: every
 * answer forbids storing, and React Native's fetch would add a parameter to the address, which the API refuses.
 * @param {string} url @param {RequestInit} init
 */
async function fetchText(url, init) {
  const aborting = new AbortController();
  new Request(url, init); // throws for what cannot be sent
  const timer = setTimeout(() => aborting.abort(), timeout); // older browsers and React Native have no AbortSignal.timeout
  try {
    const answer = await fetch(url, { ...init, signal: aborting.signal });
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
