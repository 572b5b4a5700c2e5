// What this tab keeps over a reload: who is logged in, and what was written but not sent yet. Of what others wrote, nothing.

/** @typedef {{clientMessageId: string, text: string}} Unsent */
/** @typedef {{draft: string, unsent: Unsent[]}} Outbox */
/** @typedef {{programId: string, reasonId: string, comment: string, key?: string}} Draft  A request; it has a key once it was tried. */

// The token lives as long as the tab, and so does the link, which lets in nobody without the birth date.
const names = { token: "care-chats-token", link: "care-chats-link", unsent: "care-chats-unsent" };

/** @returns {string|undefined} */
export const token = () => sessionStorage.getItem(names.token) ?? undefined;
/** @returns {string|undefined} */
export const link = () => sessionStorage.getItem(names.link) ?? undefined;

/** @param {string} token @param {string} link */
export function logIn(token, link) {
  sessionStorage.setItem(names.token, token);
  sessionStorage.setItem(names.link, link);
}

/** The session is over; what was written stays for the same member. */
export const endSession = () => sessionStorage.removeItem(names.token);
export const forgetLink = () => sessionStorage.removeItem(names.link);
export const forgetEverything = () => sessionStorage.clear();

/** What is on its way in one thread. @param {string} memberId @param {string} threadId */
export function outbox(memberId, threadId) {
  const name = `${names.unsent}:${memberId}:thread:${threadId}`;
  return {
    /** @returns {Outbox} */
    load: () => read(name) ?? { draft: "", unsent: [] },
    /** @param {Outbox} kept */
    save: ({ draft, unsent }) => write(name, draft || unsent.length ? { draft, unsent } : undefined),
  };
}

/** The threads in which this member wrote something that is not sent. @param {string} memberId */
export function unsentThreads(memberId) {
  const start = `${names.unsent}:${memberId}:thread:`;
  return Object.keys(sessionStorage).filter((name) => name.startsWith(start)).map((name) => name.slice(start.length));
}

/** The request that is being written. @param {string} memberId */
export function requestDraft(memberId) {
  const name = `${names.unsent}:${memberId}:request`;
  return {
    /** @returns {Draft|undefined} */
    load: () => read(name),
    /** @param {Draft|undefined} draft */
    save: (draft) => write(name, draft?.comment ? draft : undefined),
  };
}

/** @param {string} name */
function read(name) {
  return JSON.parse(sessionStorage.getItem(name) ?? "null") ?? undefined;
}

/** @param {string} name @param {object|undefined} value */
function write(name, value) {
  try {
    if (value) sessionStorage.setItem(name, JSON.stringify(value));
    else sessionStorage.removeItem(name);
  } catch {
    // A full store: what was written is still in memory.
  }
}
