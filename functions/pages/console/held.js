// A list that holds still while somebody works in it: what is new waits until it is asked for, and what has gone stays, greyed, in its
// place, until one moves on.

import { partsIn, rowFrom } from "./rows.js";

/** @typedef {import("./rows.js").Row} Row */
/** @typedef {import("./rows.js").Part} Part */
/** `act` is what was done here that let the row go. @typedef {Row & {isGone?: boolean, act?: Act}} ShownRow */
/** @typedef {"closed"|"answered"|"dealt"|"claimed"|"handedOver"} Act */

export class Held {
  /** @type {ShownRow[]} */ shown = [];
  /** How many rows wait to be shown. */
  fresh = 0;
  /** The list as it is. @type {Row[]} */ #latest = [];
  /** What was done with rows, by key: the lists learn of it a moment later. @type {Map<string, {act: Act, of: string}>} */ #acts = new Map();

  /** Takes the list as it was read. @param {Row[]} latest @param {boolean} isHeld  Whether somebody works in it. */
  take(latest, isHeld) {
    const before = new Map(this.shown.map((row) => [row.member.id, row]));
    latest = this.#latest = latest.map((row) => sameRow(before.get(row.member.id), row));
    if (!isHeld || this.shown.length === 0) return this.release();
    const now = new Map(latest.map((row) => [row.member.id, row]));
    this.shown = this.shown.map((row) => this.#asDone(now.get(row.member.id) ?? { ...row, isGone: true }));
    const end = latest.findLastIndex(({ member }) => before.has(member.id));
    this.shown.push(...latest.slice(end + 1)); // further pages move nothing
    this.fresh = latest.slice(0, end + 1).filter(({ member }) => !before.has(member.id)).length;
  }

  /** What is shown of a person in a program. @param {string} key @returns {Part|undefined} */
  part(key) {
    return this.shown.flatMap(partsIn).find((part) => part.key === key);
  }

  /** What is shown of a person. @param {string} memberId @returns {ShownRow|undefined} */
  row(memberId) {
    return this.shown.find(({ member }) => member.id === memberId);
  }

  /** Shows the list as it is. */
  release() {
    this.shown = this.#latest.map((row) => this.#asDone(row)).filter(({ isGone }) => !isGone);
    this.fresh = 0;
  }

  /** Lets a person in a program go who was dealt with here; their row goes when nothing else of theirs leads. @param {string} key @param {Act} act */
  done(key, act) {
    const part = this.part(key);
    if (!part) return;
    this.#acts.set(key, { act, of: signOf(part) });
    this.shown = this.shown.map((each) => this.#asDone(each));
  }

  /** Lets go of what has gone, but for some people. @param {string[]} memberIds */
  settle(memberIds) {
    this.shown = this.shown.filter(({ isGone, member }) => !isGone || memberIds.includes(member.id));
  }

  /** The row after a person's, else the one before it; never one that has gone. @param {string} memberId @param {1|-1} [step] @returns {ShownRow|undefined} */
  next(memberId, step = 1) {
    const at = this.shown.findIndex(({ member }) => member.id === memberId);
    const beyond = step > 0 ? this.shown.slice(at + 1) : this.shown.slice(0, Math.max(at, 0)).reverse();
    return beyond.find(({ isGone }) => !isGone);
  }

  /** @param {ShownRow} row @returns {ShownRow} */
  #asDone(row) {
    const all = partsIn(row), left = all.filter((part) => this.#acts.get(part.key)?.of !== signOf(part));
    if (left.length === all.length) return row;
    return rowFrom(left) ?? { ...row, isGone: true, act: this.#acts.get(row.key)?.act };
  }
}

/** The row that was there before, if nothing has changed: then it need not be drawn anew. @param {ShownRow|undefined} before @param {Row} row @returns {Row} */
function sameRow(before, row) {
  if (!before || before.isGone || before.also.length !== row.also.length) return row;
  const parts = partsIn(row);
  return partsIn(before).every((part, i) => isSame(part, parts[i])) ? before : row;
}

/** @param {Part} before @param {Part} part */
function isSame(before, part) {
  if (before.key !== part.key || before.task !== part.task || before.owner?.id !== part.owner?.id || before.paused !== part.paused) return false;
  return before.threads.length === part.threads.length && before.threads.every((thread, i) => thread === part.threads[i]);
}

/** What it is about: the same person may ask again, or have written more than was read. @param {Part} part */
const signOf = ({ task, since, owner, unread }) => `${task?.id} ${since} ${owner?.id} ${unread}`;
