// A person in a program: their request, the threads about it, and what is written to them.

import { Problem } from "../client/http.js";
import { Conversation, isPassing } from "../common/conversation.js";
import { Closing } from "./closing.js";
import { Colleagues } from "./colleagues.js";
import { keyOf } from "./rows.js";
import { words } from "./words.js";

/** @typedef {import("./staff.js").Thread} Thread */
/** @typedef {import("./staff.js").Request} Request */
/** @typedef {import("./staff.js").Owner} Owner */

/** What a thread holds that is not there yet. @type {any} */
const nothingYet = { body: { items: [], hasMore: false, lastSeq: 0, read: { member: 0, careManager: 0 } }, pollAfter: 10 };

export class Case {
  #desk;
  /** Threads of colleagues. @type {Map<string, Conversation>} */ #others = new Map();
  /** @type {{now: () => void, stop: () => void}[]} */ #watching = [];
  /** What waits until it is known what there is to do. @type {(() => unknown)|undefined} */ #next;
  /** The thread that is one's own, "" until there is one. */ #mineId = "";
  #colleagues = new Colleagues();
  /** The newest message when one looked last. @type {{of?: Conversation, seq: number}} */ #heard = { seq: 0 };
  /** Requests that were closed here. @type {Set<string>} */ #closedHere = new Set();

  /** @type {import("./staff.js").Chats|undefined} */ chats;
  /** Inactive threads. @type {Thread[]} */ past = [];
  /** The open request; one that ended while it was looked at stays. @type {Request|undefined} */ request;
  /** What a colleague or the member did since one looked. @type {import("./colleagues.js").News|undefined} */ news;
  /** The thread that is shown: "" is one's own. @type {string|undefined} */ shownId;
  isMissing = false;
  /** Whether a link was sent while it was open. */
  linkSent = false;
  /** Why the threads could not be read, in words. */
  trouble = "";

  /** @param {import("./desk.js").Desk} desk @param {string} memberId @param {string} programId @param {import("../common/conversation.js").Keeper} keeper @param {any} closes */
  constructor(desk, memberId, programId, keeper, closes) {
    this.#desk = desk;
    this.memberId = memberId;
    this.programId = programId;
    this.key = keyOf(memberId, programId);
    this.mine = new Conversation(this.#own, "", keeper);
    this.closing = new Closing((close) => this.#close(close), closes);
    this.mine.changed = () => desk.redraw();
    this.mine.failed = (problem) => void (problem.status === 401 ? desk.fail(problem) : desk.say(`${words.talk.refused} ${desk.describe(problem)}`));
  }

  /** Begins to read. */
  enter() {
    const { staff } = this.#desk;
    this.shownId = this.#desk.place.threadId ? this.#idOf(this.#desk.place.threadId) : undefined;
    this.#colleagues.forget();
    Object.assign(this, { news: undefined, linkSent: false });
    this.#heard = { of: this.mine, seq: 0 };
    const missing = (/** @type {any} */ problem) => {
      this.trouble = this.#desk.describe(problem);
      if (problem.status !== 404) return this.#desk.fail(problem);
      this.isMissing = true;
      this.#desk.redraw();
    };
    const chats = this.#desk.watch(async () => {
      const answer = await staff.chats(this.memberId);
      Object.assign(this, { trouble: "", isMissing: false });
      return answer;
    }, (body) => this.#show(body), missing);
    const messages = this.#desk.watch(async () => this.#colleagues.isKnown ? this.shown.newest("careManager") : { ...nothingYet, pollAfter: 1 }, () => this.#hear());
    this.#watching = [chats, messages];
    staff.pastThreads(this.memberId).then(({ items }) => (this.past = items, this.#desk.redraw()), () => {});
  }

  leave() {
    for (const each of this.#watching) each.stop();
    this.#next = undefined;
    if (this.request?.state !== "open") this.request = undefined;
  }

  /** Acts once it is known what there is to do: the last one that was asked for. @param {() => unknown} act */
  onceKnown(act) {
    if (!this.chats && !this.isMissing) this.#next = act;
    else act();
  }

  /** Reads now. */
  refresh() {
    for (const each of this.#watching) each.now();
  }

  /** The conversation that is shown. */
  get shown() {
    return this.shownId ? this.#other(this.shownId) : this.mine;
  }

  /** Shows another thread of this person and program. @param {string} threadId */
  show(threadId) {
    this.shownId = this.#idOf(threadId);
    this.refresh();
    this.#desk.redraw();
  }

  /** The threads in this program, active or not, the newest first. */
  get threads() {
    return [...(this.chats?.threads ?? []), ...this.past].filter(({ program }) => program.id === this.programId);
  }

  /** The thread that is shown, undefined while one's own is not there. */
  get thread() {
    return this.threads.find(({ id }) => id === (this.shownId || this.#mineId));
  }

  /** Whether messages wait here for an answer. */
  get isWaiting() {
    return this.threads.some(({ unreadCount }) => unreadCount > 0);
  }

  /** @returns {{id: string, displayName: string}} */
  get member() {
    return this.chats?.member ?? this.#row?.member ?? { id: this.memberId, displayName: this.memberId };
  }

  /** @returns {import("./staff.js").Program} */
  get program() {
    return (this.request ?? this.enrollment ?? this.threads[0] ?? this.#row)?.program ?? { id: this.programId, name: this.programId };
  }

  get enrollment() {
    return this.chats?.programs?.find(({ program }) => program.id === this.programId);
  }

  /** Whether one may look and no more: the program is a colleague's now, or it is closed. */
  get isReadOnly() {
    return this.chats !== undefined && !this.enrollment?.isYours;
  }

  /** Whether it is known that one may do something here. */
  get canAct() {
    return this.enrollment?.isYours === true && !this.isMissing;
  }

  /** Whose it is. */
  get owner() {
    return (this.enrollment ?? this.#row)?.owner;
  }

  get #row() {
    return this.#desk.work.held.part(this.key);
  }

  /** Answers, in a thread of one's own: then whatever waited here does no more. @param {string} text */
  send(text) {
    const read = this.#unread();
    this.mine.sent = () => this.#sent(read);
    this.shownId = "";
    return this.mine.send(text);
  }

  /** Sends the member a link to log in with. */
  async sendLink() {
    await this.#desk.staff.sendLink(this.memberId);
    this.linkSent = true;
    this.#desk.say(words.panel.linkSent);
    this.#desk.retry();
  }

  /** Ends the waiting without a message. */
  async nothing() {
    await this.#markRead(this.#unread());
    this.#desk.say(words.case.dealt);
    this.#acted("dealt");
  }

  /** Closes the request, or where there is no connection later. @param {{outcome: string, note?: string}} closing */
  async close(closing) {
    if (!this.request) return;
    await this.closing.begin({ requestId: this.request.id, ...closing });
    if (this.closing.waiting) this.#desk.say(words.case.closesLater);
  }

  /** Sends what waits: what was written first. */
  resume() {
    this.mine.resume();
    if (this.closing.waiting) this.closing.resume().then(() => this.#desk.redraw(), (problem) => this.#desk.say(`${words.case.notClosed(this.member.displayName)} ${this.#desk.describe(problem)}`));
  }

  /** @param {import("./closing.js").Close} close */
  async #close({ requestId, ...closing }) {
    await this.mine.resume();
    if (this.mine.unsent.some(({ state }) => state === "waiting")) throw new Problem(0, { code: "offline" }); // or it would overtake
    this.#closedHere.add(requestId);
    try {
      const closed = await this.#desk.staff.close(this.memberId, requestId, closing);
      if (this.request?.id === requestId) this.request = closed;
    } catch (problem) {
      if (!isPassing(/** @type {any} */ (problem))) this.#closedHere.delete(requestId);
      throw problem;
    }
    this.#desk.say(words.case.closed(this.member.displayName));
    this.#acted("closed");
  }

  /** Looks at what others did: it is no news any more. */
  look() {
    if (this.news?.threadId) this.shownId = this.#idOf(this.news.threadId);
    this.news = undefined;
    this.#colleagues.look(this.threads, this.enrollment?.owner);
    this.refresh();
    this.#desk.redraw();
  }

  /** Takes it over from whoever had it when it was drawn. A colleague who took it since keeps it: 409 "already-claimed". @param {Owner} from */
  async claim(from) {
    const version = await this.#versionOf(from);
    await this.#desk.staff.claim(this.memberId, this.programId, version).catch(async (problem) => {
      throw problem.status === 412 ? this.#taken(await this.#assignment()) : problem;
    });
    this.#colleagues.give(this.#desk.me?.id ?? "");
    this.#desk.say(words.case.claimed);
    this.#acted("claimed");
  }

  /** Undefined where it is not to be seen any more: then the API says whose it is. @param {Owner} owner */
  async #versionOf(owner) {
    const now = await this.#assignment();
    if (now && (now.owner.kind !== owner.kind || now.owner.id !== owner.id)) throw this.#taken(now);
    return now?.version;
  }

  /** How the enrollment stands now. */
  async #assignment() {
    const { programs } = await this.#desk.staff.chats(this.memberId).then(({ body }) => body, (problem) => {
      if (problem.status !== 404) throw problem;
      return /** @type {Partial<import("./staff.js").Chats>} */ ({});
    });
    return programs?.find(({ program }) => program.id === this.programId);
  }

  /** @param {{owner: Owner}|undefined} now */
  #taken(now) {
    this.refresh();
    return new Problem(409, { code: "already-claimed", current: /** @type {any} */ (now) });
  }

  /** Hands it over. @param {{careManagerId?: string, departmentId?: string}} to @param {string} name */
  async assign(to, name) {
    await this.#desk.staff.assign(this.memberId, this.programId, to);
    this.#colleagues.give(to.careManagerId ?? "");
    this.#desk.say(words.case.assigned(name));
    this.#desk.work.acted(this.key, "handedOver"); // it may not be one's own to read any more
  }

  /** @param {import("./staff.js").Chats} chats */
  #show(chats) {
    this.chats = chats;
    this.#mineId = this.threads.find(({ careManager }) => careManager.id === this.#desk.me?.id)?.id ?? this.#mineId;
    this.shownId ??= this.#idOf((this.threads.find(({ unreadCount }) => unreadCount > 0) ?? this.threads[0])?.id ?? "");
    this.#learnOfRequest(chats.requests.find(({ program }) => program.id === this.programId));
    this.news = this.#colleagues.newsOf(this.threads, this.enrollment?.owner) ?? this.news;
    this.#desk.redraw();
    this.#watching[1]?.now();
    this.#next?.();
    this.#next = undefined;
  }

  /** Says what the member has written since the last look; history is not read out. */
  #hear() {
    const { shown } = this, { messages } = shown, { of, seq: last } = this.#heard;
    this.#heard = { of: shown, seq: messages[messages.length - 1]?.seq ?? 0 };
    const fresh = of === shown && last > 0 ? messages.filter(({ author, seq }) => author.role === "member" && seq > last) : [];
    if (fresh.length > 0) this.#desk.say(fresh.map(({ author, text }) => `${author.displayName}: ${text}`).join("\n"));
    else this.#desk.redraw();
  }

  /** @param {Request|undefined} request */
  #learnOfRequest(request) {
    const before = this.request;
    if (request || before?.state !== "open") {
      if (request || !before) this.request = request;
      return;
    }
    this.#desk.staff.request(this.memberId, before.id).then((ended) => {
      if (this.request?.id !== before.id || this.request.state !== "open") return;
      this.request = ended;
      if (!this.#closedHere.has(ended.id)) this.news = { text: () => ended.state === "cancelled" ? words.case.cancelled(this.member.displayName) : words.case.closedByColleague };
      this.#desk.redraw();
    }, (problem) => {
      if (problem.status === 404) this.request = undefined; // not one's own any more
      this.#desk.redraw();
    });
  }

  /** Up to where each thread that waits was seen. */
  #unread() {
    const { messages } = this.shown, newest = messages[messages.length - 1]?.seq, shown = this.thread?.id; // the list may know of more
    return this.threads.filter(({ unreadCount }) => unreadCount > 0).map(({ id, lastSeq }) => ({ id, seq: id === shown && newest !== undefined ? Math.min(newest, lastSeq) : lastSeq }));
  }

  /** @param {{id: string, seq: number}[]} read */
  async #sent(read) {
    this.#desk.say(words.talk.sent);
    await this.#markRead(read).catch((problem) => this.#desk.fail(problem));
    this.#acted("answered");
  }

  /** @param {{id: string, seq: number}[]} read */
  async #markRead(read) {
    await Promise.all(read.map(({ id, seq }) => this.#desk.staff.markRead(this.memberId, id, seq)));
  }

  /** @param {import("./held.js").Act} act */
  #acted(act) {
    this.refresh();
    this.#desk.work.acted(this.key, act);
  }

  /** @param {string} threadId @returns {string} "" for one's own */
  #idOf(threadId) {
    return threadId === this.#mineId ? "" : threadId;
  }

  /** @param {string} threadId */
  #other(threadId) {
    const found = this.#others.get(threadId);
    if (found) return found;
    const conversation = new Conversation(this.#reading(() => threadId), threadId);
    conversation.changed = () => this.#desk.redraw();
    this.#others.set(threadId, conversation);
    return conversation;
  }

  /** The API as a conversation sees it. @param {() => string} id @returns {any} */
  #reading(id) {
    return { listMessages: (/** @type {string} */ _, /** @type {object} */ range) => id() ? this.#desk.staff.messages(this.memberId, id(), range) : Promise.resolve(nothingYet) };
  }

  get #own() {
    const send = async (/** @type {string} */ _, /** @type {string} */ text, /** @type {string} */ key) => {
      const { thread, message } = await this.#desk.staff.write(this.memberId, this.programId, text, key);
      this.#mineId = thread.id;
      return message;
    };
    return { ...this.#reading(() => this.#mineId), sendMessage: send };
  }
}
