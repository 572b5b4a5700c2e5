// What the page knows and does, whatever it looks like: who is logged in, what was read, and what is being written.

import { CareChats, Problem, watch } from "../common/client.js";
import { Conversation } from "../common/conversation.js";
import * as tab from "../common/tab.js";
import { speak, timeOf, words } from "./words.js";

/** @typedef {import("../common/client.js").Chats} Chats */
/** @typedef {import("../common/client.js").ChatRequest} ChatRequest */
/** @typedef {import("../common/client.js").Thread} Thread */
/** @typedef {{kind: "birthDate"|"contact", intro: () => string, link?: string}} Gate  What somebody who is not logged in is asked. */

/** A connection that has just come back is often not one yet. */
const settling = 3000; // milliseconds

export class Page {
  client = new CareChats({ token: tab.token() });
  /** @type {Gate|undefined} */ gate;
  /** Who is logged in, or was until the session ended. @type {import("../common/client.js").Me|undefined} */ me;
  /** The Chats screen as it was read last. @type {Chats|undefined} */ chats;
  /** Inactive threads. @type {Thread[]} */ past = [];
  /** Requests that others ended while this page was open. @type {ChatRequest[]} */ ended = [];
  /** Whether it is certain that `me` is whose session this is. */
  isKnown = false;
  /** A line above the view, until the next read works. */
  notice = "";
  /** What a screen reader says next. */
  spoken = "";
  /** The chat that was opened last. */
  openThread = "";
  /** Draws the page; set by whoever does. */
  redraw = () => {};

  /** @type {Map<string, Conversation>} */ #conversations = new Map();
  /** Ends what is being read again and again. */
  #rest = () => {};
  #lookAgain = () => {};
  /** Requests that were cancelled here. @type {Set<string>} */ #cancelled = new Set();

  start() {
    speak(navigator.languages);
    addEventListener("hashchange", () => this.#follow());
    addEventListener("online", () => setTimeout(() => {
      if (this.isKnown) this.#conversations.forEach((each) => each.resume()); // else they may be another member's
    }, settling));
    if (!this.#follow()) {
      if (tab.token()) this.#enter();
      else this.askForLink(() => words.link.intro);
    }
  }

  /** Where the address points. */
  get place() {
    const [, view, id] = /^#\/(t|preferences)(?:\/([\w-]+))?$/.exec(location.hash) ?? [];
    if (view === "t" && id) return { view: /** @type {const} */ ("thread"), id };
    return { view: view === "preferences" ? /** @type {const} */ ("preferences") : /** @type {const} */ ("chats"), id: "" };
  }

  /** Exchanges the link for a session and goes where the link points. @param {string} link @param {string} birthDate */
  async begin(link, birthDate) {
    const { token, landing } = await this.client.logIn(link, birthDate);
    tab.logIn(token, link);
    if (location.hash === "") history.replaceState(null, "", landing.kind === "thread" ? `#/t/${landing.id}` : "#/");
    this.gate = undefined;
    this.#enter();
  }

  /** @param {() => string} intro */
  askForLink(intro) {
    tab.forgetLink();
    this.#shut({ kind: "contact", intro });
  }

  logOut() {
    this.client.logOut().catch(() => {}); // a session that cannot be reached ends by itself
    tab.forgetEverything();
    this.#conversations.clear();
    history.replaceState(null, "", location.pathname);
    this.askForLink(() => words.link.loggedOut);
  }

  /** @param {string} threadId */
  conversation(threadId) {
    const found = this.#conversations.get(threadId);
    if (found) return found;
    const conversation = new Conversation(this.client, threadId, tab.outbox(this.me?.id ?? "", threadId));
    conversation.changed = () => this.redraw();
    conversation.refused = (problem) => { if (problem.status === 401) this.fail(problem); };
    this.#conversations.set(threadId, conversation);
    return conversation;
  }

  /** What the list says of a thread is there before the thread is. @param {string} threadId @returns {Thread|undefined} */
  thread(threadId) {
    return this.#conversations.get(threadId)?.thread ?? [...(this.chats?.threads ?? []), ...this.past].find(({ id }) => id === threadId);
  }

  /** A request defaults to the program whose chat was opened last, else to the one that is open in the member's app. */
  get openProgram() {
    return this.thread(this.openThread)?.program.id ?? new URLSearchParams(location.search).get("program") ?? undefined;
  }

  /** Whether a message is still here that others have not got. */
  get hasUnsent() {
    return [...this.#conversations.values()].some(({ unsent }) => unsent.length > 0);
  }

  /** The request that is being written, kept until it is submitted. */
  get draft() {
    return tab.requestDraft(this.me?.id ?? "");
  }

  /** Reads Chats now: after a change of one's own. */
  refresh() {
    this.#lookAgain();
  }

  /** @param {string} requestId */
  async cancel(requestId) {
    this.#cancelled.add(requestId); // a look that is faster than the answer finds it gone
    await this.client.cancelRequest(requestId).catch((problem) => {
      this.#cancelled.delete(requestId);
      throw problem;
    });
  }

  /** @param {ChatRequest} request */
  dismiss(request) {
    this.ended = this.ended.filter((each) => each !== request);
    this.redraw();
  }

  /** Reads the inactive threads. */
  async readPast() {
    try {
      const past = [];
      for (let cursor = /** @type {string|undefined} */ (""); cursor !== undefined; ) {
        const { body } = await this.client.threads("inactive", cursor || undefined);
        past.push(...body.items);
        cursor = body.nextCursor;
      }
      this.past = past;
      this.redraw();
    } catch (problem) {
      this.fail(problem);
    }
  }

  /** Says something to a screen reader. @param {string} text */
  say(text) {
    this.spoken = text;
    this.redraw();
  }

  /** A read worked. */
  works() {
    this.notice = "";
    this.redraw();
  }

  /** What went wrong, in words. @param {unknown} problem */
  describe(problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (problem.status === 429) {
      return problem.retryAfter ? words.problems.later(timeOf(new Date(Date.now() + problem.retryAfter * 1000))) : words.problems.laterUnknown;
    }
    const known = /** @type {Record<string, unknown>} */ (words.problems)[problem.code];
    return typeof known === "string" ? known : words.problems.other;
  }

  /** Says above the view what went wrong; a session that has ended asks again. @param {unknown} problem */
  fail(problem) {
    if (problem instanceof Problem && problem.isLate) return;
    if (problem instanceof Problem && problem.status === 401) return this.#sessionEnded();
    this.notice = problem instanceof Problem && problem.status === 0 ? words.problems.reconnecting : this.describe(problem);
    this.redraw();
  }

  /** A link leaves the address bar at once. Answers whether there was one. */
  #follow() {
    const link = /^#\/l\/([\w-]+)/.exec(location.hash)?.[1];
    if (link) {
      history.replaceState(null, "", location.pathname);
      this.#shut({ kind: "birthDate", link, intro: () => words.logIn.intro });
    }
    this.redraw();
    return link !== undefined;
  }

  /** Reads who this is, as soon as there is a connection, and what there is, again and again. */
  #enter() {
    this.#rest();
    const readChats = async () => {
      const answer = await this.client.chats();
      if (this.notice) this.works(); // also if nothing changed: something else may have failed
      return answer;
    };
    const chats = watch(readChats, (chats) => this.#show(chats), (problem) => this.fail(problem));
    const readWho = async () => ({ body: await this.client.me(), pollAfter: 1 });
    const who = watch(readWho, (me) => (who.stop(), this.#welcome(me)), (problem) => this.fail(problem));
    this.#lookAgain = chats.now;
    this.#rest = () => [chats, who].forEach((each) => each.stop());
    this.redraw();
  }

  /** @param {import("../common/client.js").Me} me */
  #welcome(me) {
    if (this.me?.id !== me.id) { // another member may follow in this tab
      this.#conversations.clear();
      this.openThread = "";
    }
    this.me = me;
    this.isKnown = true;
    speak([me.language]);
    for (const threadId of tab.unsentThreads(me.id)) this.conversation(threadId).resume();
    this.works();
  }

  /** Knows a request that was just made: it may be ended before the next look. @param {ChatRequest} request */
  asked(request) {
    const others = this.chats?.requests.filter(({ id }) => id !== request.id) ?? [];
    if (this.chats) this.chats = { ...this.chats, requests: [...others, request] };
  }

  /** @param {Chats} chats */
  #show(chats) {
    const open = new Set(chats.requests.map(({ id }) => id));
    for (const { id } of this.chats?.requests ?? []) if (!open.has(id) && !this.#cancelled.has(id)) this.#learnWhy(id);
    this.chats = chats;
    this.works();
  }

  /** A request is no longer open, and not by what was done here. @param {string} requestId */
  async #learnWhy(requestId) {
    const request = await this.client.request(requestId).catch(() => undefined);
    if (!request || request.state === "open") return;
    this.ended = [...this.ended, request];
    const { nowClosed, nowCancelled } = words.request;
    this.say((request.state === "closed" ? nowClosed : nowCancelled)(request.program.name));
  }

  #sessionEnded() {
    if (!tab.token()) return; // several reads may find it out
    tab.endSession();
    const link = tab.link();
    if (link) this.#shut({ kind: "birthDate", link, intro: () => words.logIn.ended });
    else this.askForLink(() => words.link.ended);
  }

  /** @param {Gate} gate */
  #shut(gate) {
    this.#rest();
    Object.assign(this, { gate, isKnown: false, chats: undefined, past: [], ended: [], notice: "" });
    this.redraw();
  }
}
