// What there is to do: the lists that are read, and the one that is shown.

import { addressOf } from "./address.js";
import { Feed } from "./feed.js";
import { Held } from "./held.js";
import { caseloadRows, isLate, rowsOf } from "./rows.js";

/** @typedef {import("./address.js").Place} Place */
/** @typedef {import("./staff.js").Task} Task */
/** @typedef {import("./staff.js").Thread} Thread */
/** @typedef {import("./staff.js").Assignment} Assignment */
/** @typedef {import("./staff.js").List<Thread> & {tasks: {open: number, overdue: number}}} Inbox */

export class Work {
  #desk;
  /** What is read for which view, by its name. @type {Map<string, Feed<any, any>>} */ #feeds = new Map();
  /** The address of the list that is shown, without who is open. */
  #shown = "";
  held = new Held();

  /** @param {import("./desk.js").Desk} desk */
  constructor(desk) {
    this.#desk = desk;
  }

  /** Reads what a view needs, and no more what it does not. @param {Place} place */
  read({ view, scope, list }) {
    const { staff } = this.#desk;
    /** @type {Record<string, (cursor?: string) => Promise<any>>} */
    const wanted = { waiting: (cursor) => staff.inbox("waiting", cursor), [`tasks ${scope}`]: (cursor) => staff.tasks(scope, cursor) };
    if (view === "inbox" && list === "unreadByMember") wanted.unread = (cursor) => staff.inbox("unreadByMember", cursor);
    if (view === "caseload") wanted[`caseload ${scope}`] = (cursor) => staff.caseload(scope, cursor);
    for (const [name, feed] of this.#feeds) if (!(name in wanted)) this.#drop(name, feed);
    for (const [name, read] of Object.entries(wanted)) if (!this.#feeds.has(name)) this.#feeds.set(name, new Feed(this.#desk, read, () => this.changed()));
    const shown = addressOf({ ...this.#desk.place, memberId: "" });
    if (shown !== this.#shown) this.held = new Held();
    this.#shown = shown;
    if (this.held.shown.length === 0) this.changed();
  }

  /** The list that is shown. @returns {Feed<any, any>|undefined} */
  get feed() {
    const { view, scope, list } = this.#desk.place;
    return this.#feeds.get(view === "queue" ? `tasks ${scope}` : view === "caseload" ? `caseload ${scope}` : list === "waiting" ? "waiting" : "unread");
  }

  /** Counted by the server, to 100. @returns {{open: number, overdue: number}} */
  get counts() {
    return /** @type {Inbox|undefined} */ (this.#feeds.get("waiting")?.first)?.tasks ?? { open: 0, overdue: 0 };
  }

  /** How many threads wait, as far as they were read. */
  get waiting() {
    const feed = this.#feeds.get("waiting");
    return { count: feed?.items.length ?? 0, isMore: feed?.hasMore ?? false };
  }

  /** Takes what was read into the list that is shown, unless somebody works in it. */
  changed() {
    this.held.take(this.#rows(), this.#desk.open !== undefined || document.activeElement?.closest(".rows") !== null);
    this.#desk.redraw();
  }

  /** Lets the row go that an act ends in this view. @param {string} key @param {import("./held.js").Act} act */
  acted(key, act) {
    const { view } = this.#desk.place;
    if (view === (act === "closed" ? "queue" : "inbox") || view !== "caseload" && (act === "claimed" || act === "handedOver")) this.held.done(key, act);
    for (const feed of this.#feeds.values()) feed.now();
    this.#desk.redraw();
  }

  /** Shows the list as it is. */
  release() {
    this.held.release();
    this.#desk.redraw();
  }

  async more() {
    await this.feed?.more();
    this.changed();
  }

  #rows() {
    const { view, scope, list, text } = this.#desk.place;
    const tasks = /** @type {Task[]} */ (this.#feeds.get(`tasks ${scope}`)?.items ?? []);
    const threads = /** @type {Thread[]} */ (this.#feeds.get("waiting")?.items ?? []);
    if (view === "queue") return lateFirst(rowsOf({ tasks, threads }, "tasks"));
    if (view === "inbox") return rowsOf({ tasks, threads: list === "waiting" ? threads : this.#feeds.get("unread")?.items ?? [] }, "threads");
    const assignments = /** @type {Assignment[]} */ (this.#feeds.get(`caseload ${scope}`)?.items ?? []);
    return caseloadRows(assignments.filter(({ member, program }) => matches(`${member.displayName} ${program.name}`, text)), { tasks, threads });
  }

  /** @param {string} name @param {Feed<any, any>} feed */
  #drop(name, feed) {
    feed.stop();
    this.#feeds.delete(name);
  }
}

/** A department's late tasks may come from a list of their own. @param {import("./rows.js").Row[]} rows */
function lateFirst(rows) {
  const now = new Date();
  const late = (/** @type {import("./rows.js").Row} */ { task }) => task !== undefined && isLate(task, now);
  return [...rows.filter(late), ...rows.filter((row) => !late(row))];
}

/** Every word begins one of the name's, whatever the marks over its letters. @param {string} name @param {string} text */
function matches(name, text) {
  const plain = (/** @type {string} */ each) => each.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const parts = plain(name).split(/\s+/);
  return plain(text).split(/\s+/).every((word) => parts.some((part) => part.startsWith(word)));
}
