// A list that holds still while somebody works in it: what is new waits until it is asked for, and what has gone stays, greyed, in its
// place, until one moves on.

/** @typedef {import("./rows.js").Row} Row */
/** `act` is what was done here that let the row go. @typedef {Row & {isGone?: boolean, act?: Act}} ShownRow */
/** @typedef {"closed"|"answered"|"dealt"|"handedOver"} Act */

export class Held {
  /** @type {ShownRow[]} */ shown = [];
  /** How many rows wait to be shown. */
  fresh = 0;
  /** The list as it is. @type {Row[]} */ #latest = [];
  /** What was done with rows, by key: the lists learn of it a moment later. @type {Map<string, {act: Act, of: string}>} */ #acts = new Map();

  /** Takes the list as it was read. @param {Row[]} latest @param {boolean} isHeld  Whether somebody works in it. */
  take(latest, isHeld) {
    const before = new Map(this.shown.map((row) => [row.key, row]));
    latest = this.#latest = latest.map((row) => sameRow(before.get(row.key), row));
    if (!isHeld || this.shown.length === 0) return this.release();
    const byKey = new Map(latest.map((row) => [row.key, row]));
    const known = new Set(this.shown.map(({ key }) => key));
    this.shown = this.shown.map((row) => this.#asDone(byKey.get(row.key) ?? { ...row, isGone: true }));
    const end = latest.findLastIndex(({ key }) => known.has(key));
    this.shown.push(...latest.slice(end + 1)); // further pages move nothing
    this.fresh = latest.slice(0, end + 1).filter(({ key }) => !known.has(key)).length;
  }

  /** Shows the list as it is. */
  release() {
    this.shown = this.#latest.filter((row) => !this.#isDone(row));
    this.fresh = 0;
  }

  /** Lets a row go that was dealt with here. @param {string} key @param {Act} act */
  done(key, act) {
    const row = this.shown.find((each) => each.key === key);
    if (!row) return;
    this.#acts.set(key, { act, of: signOf(row) });
    this.shown = this.shown.map((each) => this.#asDone(each));
  }

  /** Lets go of what has gone, but for some rows. @param {string[]} keys */
  settle(keys) {
    this.shown = this.shown.filter(({ isGone, key }) => !isGone || keys.includes(key));
  }

  /** The row after another, else the one before it; never one that has gone. @param {string} key @param {1|-1} [step] @returns {ShownRow|undefined} */
  next(key, step = 1) {
    const at = this.shown.findIndex((row) => row.key === key);
    const beyond = step > 0 ? this.shown.slice(at + 1) : this.shown.slice(0, Math.max(at, 0)).reverse();
    return beyond.find(({ isGone }) => !isGone);
  }

  /** @param {ShownRow} row @returns {ShownRow} */
  #asDone(row) {
    return this.#isDone(row) ? { ...row, isGone: true, act: this.#acts.get(row.key)?.act } : row;
  }

  /** @param {Row} row */
  #isDone(row) {
    return this.#acts.get(row.key)?.of === signOf(row);
  }
}

/** The row that was there before, if nothing has changed: then it need not be drawn anew. @param {ShownRow|undefined} before @param {Row} row @returns {Row} */
function sameRow(before, row) {
  if (!before || before.isGone || before.task !== row.task || before.owner?.id !== row.owner?.id || before.paused !== row.paused) return row;
  return before.threads.length === row.threads.length && before.threads.every((thread, i) => thread === row.threads[i]) ? before : row;
}

/** What a row is about: the same person may ask again. @param {Row} row */
const signOf = ({ task, since, owner }) => `${task?.id} ${since} ${owner?.id}`;
