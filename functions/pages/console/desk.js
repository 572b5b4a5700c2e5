// What the console knows and does, whatever it looks like: who is signed in, what there is to do, and what is being written.

import { Drafts, removeOldDrafts } from "../common/drafts.js";
import { afterDialog } from "../common/parts.js";
import { device } from "../common/store.js";
import { watch } from "../client/client.js";
import { addressOf, placeAt } from "./address.js";
import { Case } from "./case.js";
import * as oidc from "./oidc.js";
import { keyOf, partsIn } from "./rows.js";
import { Staff } from "./staff.js";
import { Work } from "./work.js";
import { speak, timeOf, words } from "./words.js";

/** @typedef {import("./address.js").Place} Place */
/** What somebody who is not signed in is told; without `canSignIn` there is nothing to choose yet. @typedef {{said: () => string, canSignIn: boolean, isTrouble?: boolean}} Gate */

const languageName = "care-chats-language";

export class Desk {
  /** @type {Gate|undefined} */ gate = { said: () => "", canSignIn: false };
  /** @type {import("./oidc.js").Issuer[]} */ issuers = [];
  /** @type {import("./staff.js").Me|undefined} */ me;
  /** When one is covered oneself, from now on. @type {import("./staff.js").Coverage[]} */ coverages = [];
  place = placeAt(location.pathname, location.search);
  work = new Work(this);
  /** The person in a program who is open. @type {Case|undefined} */ open;
  /** The dialog that is open, about who is open or about none. @type {"close"|"assign"|"link"|"keys"|undefined} */ dialog;
  /** A line beside the view, until the next read works. */
  notice = "";
  /** What a screen reader says next; the number tells it from the same words before. */
  spoken = { text: "", number: 0 };
  /** Draws the page; set by whoever does. */
  redraw = () => {};

  /** @type {Staff|undefined} */ #staff;
  #drafts = new Drafts("");
  /** Those in which something was written. @type {Map<string, Case>} */ #cases = new Map();
  /** @type {Set<{now: () => void, stop: () => void}>} */ #watches = new Set();
  #otherTabs = channel();

  async start() {
    removeOldDrafts();
    speak([device.get(languageName) ?? "", ...navigator.languages]);
    addEventListener("popstate", () => this.#arriveAt(placeAt(location.pathname, location.search)));
    this.#otherTabs?.addEventListener("message", ({ data }) => {
      if (this.me && data.signedOut === this.me.id) this.#signedOut();
    });
    this.redraw();
    await this.enter();
  }

  /** Finds out who is here: who comes from the provider, or was here before the page was loaded anew. */
  async enter() {
    try {
      this.issuers = await oidc.configured();
      const arrived = await oidc.arrive(this.issuers);
      if (arrived) this.#goTo(arrived.back);
      if (arrived?.tokens) return this.#begin(new Staff(arrived.issuer, arrived.tokens));
      if (arrived) oidc.forgetIssuer();
      const before = this.issuers.find(({ issuer }) => issuer === oidc.issuerOfTab());
      if (before) return await oidc.leave(before, this.#back, true);
      this.#shut(() => this.issuers.length ? "" : words.gate.none);
    } catch (problem) {
      console.warn(problem);
      this.gate = { said: () => words.gate.unreachable, canSignIn: false, isTrouble: true };
      this.redraw();
    }
  }

  /** @param {import("./oidc.js").Issuer} issuer */
  async signIn(issuer) {
    try {
      await oidc.leave(issuer, this.#back, false);
    } catch (problem) {
      console.warn(problem);
      this.gate = { said: () => words.gate.unreachable, canSignIn: true, isTrouble: true };
      this.redraw();
    }
  }

  /** The active care managers of one's departments, each once. */
  get colleagues() {
    const all = this.me?.departments.flatMap(({ careManagers }) => careManagers) ?? [];
    return [...new Map(all.map((each) => [each.id, each])).values()];
  }

  /** A colleague's name. @param {string} id */
  colleague(id) {
    return this.colleagues.find((each) => each.id === id)?.displayName ?? id;
  }

  /** Has oneself, "me", or a colleague covered. @param {string} careManagerId @param {import("./staff.js").Coverage} coverage */
  async cover(careManagerId, coverage) {
    await this.staff.cover(careManagerId, coverage);
    this.retry();
  }

  /** @param {string} careManagerId @param {string} id */
  async endCoverage(careManagerId, id) {
    await this.staff.endCoverage(careManagerId, id);
    this.retry();
  }

  /** Ends the session here and in this person's other tabs. */
  signOut() {
    this.#otherTabs?.postMessage({ signedOut: this.me?.id });
    this.#signedOut();
  }

  /** @param {string} language */
  choose(language) {
    device.set(languageName, language);
    speak([language]);
    this.redraw();
  }

  /** The API, as whoever is signed in. */
  get staff() {
    if (!this.#staff) throw new Error("nobody is signed in");
    return this.#staff;
  }

  /** Goes elsewhere. What is not said stays. @param {Partial<Place>} change */
  go(change) {
    afterDialog(() => {
      const place = { ...this.place, ...change };
      if (addressOf(place) !== location.pathname + location.search) history.pushState(null, "", addressOf(place));
      this.#arriveAt(place);
    });
  }

  /** Opens a person in a program. @param {string} memberId @param {string} programId */
  openRow(memberId, programId) {
    this.go({ memberId, programId, threadId: "" });
  }

  /** Goes on from somebody to what else there is to do for them, then to the next row. Whoever has moved on already, or does something else with them, stays. @param {Case} from */
  goOn(from) {
    if (this.open !== from || this.dialog) return;
    const row = this.work.held.row(this.place.memberId);
    if (!row || row.isGone || row.key === from.key) return this.openNext();
    this.openRow(row.member.id, row.program.id);
  }

  /** Opens the next row, or where there is none the list. @param {1|-1} [step] */
  openNext(step = 1) {
    const { held } = this.work, { memberId } = this.place;
    const next = held.next(memberId, step) ?? (step === 1 && held.shown.find(({ isGone }) => !isGone));
    if (next && next.member.id !== memberId) this.openRow(next.member.id, next.program.id);
    else if (held.row(memberId)?.isGone) this.go({ memberId: "" });
  }

  /** Closes who is open; the focus goes back to the same row. */
  backToList() {
    const { open } = this;
    this.go({ memberId: "", panel: false });
    if (open) rowOf(open.memberId)?.focus();
  }

  /** Looks for somebody in the caseload. @param {string} text */
  find(text) {
    this.#goTo(addressOf({ ...this.place, text, memberId: "" }));
    this.#arriveAt(this.place);
  }

  /** @param {"close"|"assign"|"link"|"keys"|undefined} dialog */
  show(dialog) {
    this.dialog = dialog;
    this.redraw();
  }

  /** What is written to somebody, in any program, and not sent; a close that waits is not sent either. @param {import("./rows.js").Row} row */
  writtenTo(row) {
    const cases = partsIn(row).flatMap(({ key }) => this.#cases.get(key) ?? []);
    return { draft: cases.some(({ mine }) => mine.draft), unsent: cases.some(({ mine, closing }) => mine.unsent.length > 0 || closing.waiting) };
  }

  /** @param {string} memberId @param {string} programId */
  case(memberId, programId) {
    const key = keyOf(memberId, programId), found = this.#cases.get(key);
    if (found) return found;
    const made = new Case(this, memberId, programId, this.#drafts.keeper(`thread:${key}`), this.#drafts.keeper(`close:${key}`));
    this.#cases.set(key, made);
    return made;
  }

  /** Reads now whatever is being read. */
  retry() {
    for (const each of this.#watches) each.now();
  }

  /**
   * Reads again and again until it is stopped. Each read that works ends the notice and sends what waits.
   * @template T
   * @param {() => Promise<import("./staff.js").Polled<T>>} read @param {(body: T) => void} show @param {(problem: any) => void} [fail]
   */
  watch(read, show, fail = (problem) => this.fail(problem)) {
    const reading = async () => {
      const answer = await read();
      if (this.notice) this.works();
      if (this.me) for (const each of this.#cases.values()) each.resume();
      return answer;
    };
    const watching = watch(reading, show, fail);
    const registered = { now: watching.now, stop: () => (watching.stop(), this.#watches.delete(registered)) };
    this.#watches.add(registered);
    return registered;
  }

  works() {
    this.notice = "";
    this.redraw();
  }

  /** Says something to a screen reader. @param {string} text */
  say(text) {
    this.spoken = { text, number: this.spoken.number + 1 };
    this.redraw();
  }

  /** What went wrong, in words. What is no refusal is a fault of the page, and logged. @param {any} problem @returns {string} */
  describe(problem) {
    if (typeof problem?.status !== "number") {
      console.error(problem);
      return words.problems.other;
    }
    const { status, code, retryAfter } = problem;
    if (status === 429) return retryAfter ? words.problems.later(timeOf(new Date(Date.now() + retryAfter * 1000))) : words.problems.laterUnknown;
    if ([502, 503, 504].includes(status)) return words.problems.unavailable;
    if (code === "already-claimed" && problem.current) return words.case.taken(problem.current.owner.displayName);
    return /** @type {Record<string, any>} */ (words.problems)[code] ?? words.problems.other;
  }

  /** Says beside the view what went wrong; a session that has ended asks to sign in. @param {any} problem */
  fail(problem) {
    if (problem?.isLate) return;
    if (problem?.status === 401) return this.#leave(() => words.gate.ended);
    this.notice = problem?.status === 0 ? words.problems.reconnecting : this.describe(problem);
    this.redraw();
  }

  /** @param {Place} place */
  #arriveAt(place) {
    const before = this.open?.memberId;
    this.place = place;
    if (!this.me) return this.redraw();
    const next = place.memberId ? this.case(place.memberId, place.programId) : undefined;
    if (next !== this.open) {
      this.open?.leave();
      this.open = next;
      this.dialog = undefined; // it was about whoever was open
      next?.enter();
      this.work.held.settle([place.memberId, before ?? ""]);
    }
    this.work.read(place);
    this.redraw();
  }

  /** @param {Staff} staff */
  #begin(staff) {
    this.#staff = staff;
    this.gate = { said: () => "", canSignIn: false };
    const seldom = 60; // seconds: it says who is covered, and by whom
    this.watch(async () => {
      const [me, { items }] = await Promise.all([staff.me(), staff.coverages("me")]);
      const body = this.me === me.body && JSON.stringify(items) === JSON.stringify(this.coverages) ? this.me : { ...me.body };
      this.coverages = items;
      return { body, pollAfter: seldom };
    }, (me) => this.#welcome(me));
    this.redraw();
  }

  /** @param {import("./staff.js").Me} me */
  async #welcome(me) {
    if (this.me) {
      this.me = me;
      return this.redraw();
    }
    const drafts = new Drafts(me.id);
    await drafts.open(me.draftKey).catch((fault) => console.error(fault)); // then nothing is kept on the device
    if (this.gate?.canSignIn) return; // it ended meanwhile
    this.#drafts = drafts;
    Object.assign(this, { me, gate: undefined });
    for (const name of drafts.names()) this.#resume(name);
    this.#arriveAt(this.place);
  }

  /** Sends on what waited when the page was left. @param {string} draft */
  #resume(draft) {
    const [, memberId, programId] = /^(?:thread|close):([^/]+)\/([^/]+)$/.exec(draft) ?? [];
    if (memberId) this.case(memberId, programId).resume();
  }

  #signedOut() {
    oidc.askAnew();
    this.#leave(() => words.gate.signedOut);
  }

  /** @param {() => string} said */
  #leave(said) {
    this.#staff?.signOut();
    this.#drafts.leave();
    oidc.forgetIssuer();
    this.#shut(said);
  }

  /** @param {() => string} said */
  #shut(said) {
    for (const each of this.#watches) each.stop();
    this.open?.leave();
    this.#cases.clear();
    this.work = new Work(this);
    Object.assign(this, { gate: { said, canSignIn: true }, me: undefined, open: undefined, notice: "", coverages: [] });
    this.redraw();
  }

  /** @param {string} address */
  #goTo(address) {
    history.replaceState(null, "", address);
    this.place = placeAt(location.pathname, location.search);
  }

  get #back() {
    return addressOf(this.place);
  }
}

/** What opens a person's row. @param {string} memberId @returns {HTMLElement|null} */
export const rowOf = (memberId) => document.querySelector(`[data-row="${CSS.escape(memberId)}"] > a`);

/** What this page says to its other tabs; nothing where the browser forbids it. */
function channel() {
  try { return new BroadcastChannel("care-chats-console"); } catch { return undefined; }
}
