// What the page knows and does, whatever it looks like: who is logged in, what was read, and what is being written.

import { CareChats, Problem, watch } from "../client/client.js";
import { Conversation } from "../common/conversation.js";
import { Drafts, removeOldDrafts } from "../common/drafts.js";
import * as session from "./session.js";
import { dayOf, moment, speak, timeOf, words } from "./words.js";

/** @typedef {import("../client/types").Chats} Chats */
/** @typedef {import("../client/types").ChatRequest} ChatRequest */
/** @typedef {import("../client/types").EndedRequest} EndedRequest */
/** @typedef {import("../client/types").Thread} Thread */
/** @typedef {import("../client/types").Organization} Organization */
/** What somebody who is not logged in is asked. @typedef {{kind: "birthDate"|"contact", intro: () => string, link?: string, organization?: Organization}} Gate */
/** A request that is being written; it has a key once it was tried. @typedef {{programId: string, reasonId: string, comment: string, key?: string}} Draft */

export class Page {
  client = new CareChats({ token: session.token() });
  /** @type {Gate|undefined} */ gate;
  /** Who is logged in, or was until the session ended. @type {import("../client/types").Me|undefined} */ me;
  /** The Chats screen as it was read last. @type {Chats|undefined} */ chats;
  /** Inactive threads. @type {Thread[]} */ past = [];
  /** Requests that others ended while this page was open. @type {EndedRequest[]} */ news = [];
  /** Whether it is certain that `me` is whose session this is. */
  isKnown = false;
  /** A line beside the view, until the next read works. */
  notice = "";
  /** What a screen reader says next; the number tells it from the same words before. */
  spoken = { text: "", number: 0 };
  /** The chat that was opened last. */
  openThread = "";
  /** Draws the page; set by whoever does. */
  redraw = () => {};

  /** @type {Map<string, Conversation>} */ #conversations = new Map();
  #drafts = new Drafts("");
  /** What is being read again and again. @type {Set<{now: () => void, stop: () => void}>} */ #watches = new Set();
  #lookAgain = () => {};
  /** The active threads when the inactive ones were read. */
  #pastIsOf = "";
  /** Requests that were cancelled here. @type {Set<string>} */ #cancelled = new Set();
  #otherTabs = channel();

  start() {
    removeOldDrafts();
    speak([session.language() ?? "", ...navigator.languages]);
    addEventListener("hashchange", () => {
      if (!this.#follow() && this.chats) this.#readPast(this.chats);
    });
    this.#otherTabs?.addEventListener("message", ({ data }) => {
      if (session.token() && (!this.me || this.me.id === data.loggedOut)) this.#leave();
    });
    if (!this.#follow()) {
      if (session.token()) this.#enter();
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
    session.begin(token, link);
    if (location.hash === "") goTo(landing.kind === "thread" ? `#/t/${landing.id}` : "#/");
    this.gate = undefined;
    this.#enter();
  }

  /** @param {() => string} intro */
  askForLink(intro) {
    session.forgetLink();
    this.#shut({ kind: "contact", intro });
  }

  /** Ends the session here and in this member's other tabs. */
  logOut() {
    this.#otherTabs?.postMessage({ loggedOut: this.me?.id });
    this.#leave();
  }

  /** Speaks another language before the log-in, today and the next time. @param {string} language */
  choose(language) {
    session.chooseLanguage(language);
    speak([language]);
    this.redraw();
  }

  /** @param {string} threadId */
  conversation(threadId) {
    const found = this.#conversations.get(threadId);
    if (found) return found;
    const name = `${threadDraft}${threadId}`, drafts = this.#drafts;
    const conversation = new Conversation(this.client, threadId, drafts.keeper(name));
    conversation.changed = () => this.redraw();
    conversation.sent = () => this.say(words.talk.sent);
    conversation.failed = (problem) => void (problem.status === 401 ? this.fail(problem) : this.say(`${words.talk.refused} ${this.describe(problem)}`));
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

  /** Whether something that was written is still here alone. */
  get hasUnsent() {
    return this.draft !== undefined || [...this.#conversations.values()].some(({ unsent, draft }) => unsent.length > 0 || draft.trim() !== "");
  }

  /** The request that is being written, kept until it is submitted. @returns {Draft|undefined} */
  get draft() {
    return this.#drafts.load("request");
  }

  set draft(draft) {
    this.#drafts.save("request", draft?.comment ? draft : undefined);
  }

  /** Reads Chats now: after a change of one's own. */
  refresh() {
    this.#lookAgain();
  }

  /** Reads now whatever is being read. */
  retry() {
    for (const each of this.#watches) each.now();
  }

  /**
   * Reads again and again until it is stopped. Each read that works ends the notice and sends what waits.
   * @template T
   * @param {() => Promise<import("../client/types").Polled<T>>} read @param {(body: T) => void} show @param {(problem: any) => void} [fail]
   */
  watch(read, show, fail = (problem) => this.fail(problem)) {
    const reading = async () => {
      const answer = await read();
      if (this.notice) this.works();
      if (this.isKnown) this.#conversations.forEach((each) => each.resume()); // else they may be another member's
      return answer;
    };
    const watching = watch(reading, show, fail);
    const registered = { now: watching.now, stop: () => (watching.stop(), this.#watches.delete(registered)) };
    this.#watches.add(registered);
    return registered;
  }

  /** @param {string} requestId */
  async cancel(requestId) {
    this.#cancelled.add(requestId); // a look that is faster than the answer finds it gone
    await this.client.cancelChatRequest(requestId).catch((problem) => {
      this.#cancelled.delete(requestId);
      throw problem;
    });
  }

  /** Knows a request that was just made: it may be ended before the next look. @param {ChatRequest} request */
  asked(request) {
    const others = this.chats?.requests.filter(({ id }) => id !== request.id) ?? [];
    if (this.chats) this.chats = { ...this.chats, requests: [...others, request] };
  }

  /** @param {EndedRequest} request */
  dismiss(request) {
    this.news = this.news.filter((each) => each !== request);
    this.redraw();
  }

  /** Says something to a screen reader. @param {string} text */
  say(text) {
    this.spoken = { text, number: this.spoken.number + 1 };
    this.redraw();
  }

  /** A read worked. */
  works() {
    this.notice = "";
    this.redraw();
  }

  /** What went wrong, in words of that moment's language. What is no refusal is a fault of the page, and logged. @param {any} problem @returns {() => string} */
  explain(problem) {
    if (typeof problem?.status !== "number") {
      console.error(problem);
      return () => words.problems.other;
    }
    const { status, code, retryAfter } = problem, until = new Date(Date.now() + (retryAfter ?? 0) * 1000);
    const at = () => dayOf(until) === dayOf(new Date()) ? timeOf(until) : moment(until);
    if (status === 429) return () => retryAfter ? words.problems.later(at()) : words.problems.laterUnknown;
    if ([502, 503, 504].includes(status)) return () => words.problems.unavailable; // ours and the gateway's alike
    return () => /** @type {Record<string, any>} */ (words.problems)[code] ?? words.problems.other;
  }

  /** What went wrong, in words. @param {any} problem */
  describe(problem) {
    return this.explain(problem)();
  }

  /** Says beside the view what went wrong; a session that has ended asks again. @param {any} problem */
  fail(problem) {
    if (problem?.isLate) return;
    if (problem?.status === 401) return this.#sessionEnded();
    this.notice = problem?.status === 0 ? words.problems.reconnecting : this.describe(problem);
    this.redraw();
  }

  /** A link leaves the address bar at once. Answers whether there was one. */
  #follow() {
    const link = /^#\/l\/([\w-]+)/.exec(location.hash)?.[1];
    if (link) {
      goTo("");
      this.#shut({ kind: "birthDate", link, intro: () => words.logIn.intro });
    }
    this.redraw();
    return link !== undefined;
  }

  /** Learns whose link it is, so that the page can say so. @param {Gate} gate */
  async #introduce(gate) {
    try {
      gate.organization = await this.client.whoseLink(gate.link ?? "");
      this.redraw();
    } catch (problem) {
      if (problem instanceof Problem && problem.code === "link-invalid" && this.gate === gate) this.askForLink(() => words.link.invalid);
    }
  }

  /** Reads who this is, as soon as there is a connection, and what there is, again and again. */
  #enter() {
    this.#rest();
    const chats = this.watch(async () => {
      const answer = await this.client.getChats();
      this.#readPast(answer.body);
      return answer;
    }, (body) => this.#show(body));
    this.#lookAgain = chats.now;
    const who = this.watch(async () => ({ body: await this.client.getMe(), pollAfter: 1 }), (me) => (who.stop(), this.#welcome(me)));
    this.redraw();
  }

  #rest() {
    for (const each of this.#watches) each.stop();
  }

  /** @param {import("../client/types").Me} me */
  async #welcome(me) {
    const drafts = new Drafts(me.id);
    await drafts.open(me.draftKey).catch((fault) => console.error(fault)); // then nothing is kept on the device
    if (this.gate) return; // it ended meanwhile
    if (this.me?.id !== me.id) { // another member may follow in this tab
      this.#conversations.clear();
      this.openThread = "";
    }
    Object.assign(this, { me, isKnown: true });
    this.#drafts = drafts;
    speak([session.language() ?? "", me.language]);
    for (const name of drafts.names()) if (name.startsWith(threadDraft)) this.conversation(name.slice(threadDraft.length)).resume();
    this.works();
  }

  /** @param {Chats} chats */
  #show(chats) {
    for (const { id } of this.chats?.requests ?? []) {
      const ended = chats.ended.find((each) => each.id === id);
      if (ended && !this.#cancelled.has(id)) this.#tell(ended);
    }
    this.chats = chats;
    this.works();
  }

  /** Reads the inactive threads, again whenever others are active. @param {Chats} chats */
  async #readPast({ threads }) {
    if (this.place.view !== "chats") return; // nobody sees them
    const active = threads.map(({ id }) => id).sort().join(" ") || "none";
    if (active === this.#pastIsOf) return;
    this.#pastIsOf = active;
    try {
      this.past = (await this.client.listThreads("inactive")).body.items;
      this.redraw();
    } catch (problem) {
      if (this.#pastIsOf === active) this.#pastIsOf = "";
      this.fail(problem);
    }
  }

  /** A request has ended, and not by what was done here. @param {EndedRequest} request */
  #tell(request) {
    this.news = [...this.news, request];
    const { nowClosed, nowCancelled } = words.request;
    this.say((request.state === "closed" ? nowClosed : nowCancelled)(request.program.name));
  }

  #sessionEnded() {
    if (!session.token()) return; // several reads may find it out
    session.end();
    const link = session.link();
    if (link) this.#shut({ kind: "birthDate", link, intro: () => words.logIn.ended, organization: this.gate?.organization });
    else this.askForLink(() => words.link.ended);
  }

  #leave() {
    this.client.logOut().catch(() => {}); // a session that cannot be reached ends by itself
    this.#drafts.forget();
    session.forgetEverything();
    this.#conversations.clear();
    this.me = undefined;
    goTo("");
    this.askForLink(() => words.link.loggedOut);
  }

  /** @param {Gate} gate */
  #shut(gate) {
    this.#rest();
    this.#pastIsOf = "";
    Object.assign(this, { gate, isKnown: false, chats: undefined, past: [], news: [], notice: "" });
    if (gate.link) this.#introduce(gate);
    this.redraw();
  }
}

const threadDraft = "thread:";

/** Changes the address without leaving a trace in the history; ?program= stays. @param {string} hash */
const goTo = (hash) => history.replaceState(null, "", location.pathname + location.search + hash);

/** What this page says to its other tabs; nothing where the browser forbids it. */
function channel() {
  try { return new BroadcastChannel("care-chats"); } catch { return undefined; }
}
