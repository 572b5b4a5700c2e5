// A notification of the browser's own, for whoever looks elsewhere. It says how much is new and never of whom.

import { words } from "./words.js";

const every = 60_000; // milliseconds

/** Whether somebody may still be asked. */
export const canAsk = () => globalThis.Notification?.permission === "default";

/** @param {() => void} done */
export const ask = (done) => void Notification.requestPermission().then(done);

export class Bell {
  #desk;
  /** What was there when one looked last. @type {Set<string>|undefined} */ #known;

  /** @param {import("./desk.js").Desk} desk */
  constructor(desk) {
    this.#desk = desk;
    setInterval(() => void this.#look().catch(() => {}), every); // what fails now works later
    document.addEventListener("visibilitychange", () => {
      this.#known = undefined;
      this.#look().catch(() => {});
    });
  }

  /** The lists rest while the page is hidden, so it looks itself. */
  async #look() {
    if (!document.hidden || !this.#desk.me || globalThis.Notification?.permission !== "granted") return;
    const [tasks, inbox] = await Promise.all([this.#desk.staff.tasks("mine"), this.#desk.staff.inbox("waiting")]);
    const now = [...tasks.body.items.map(({ id }) => id), ...inbox.body.items.map(({ id, lastSeq }) => `${id} ${lastSeq}`)];
    const fresh = this.#known ? now.filter((each) => !this.#known?.has(each)).length : 0;
    this.#known = new Set(now);
    if (fresh > 0) new Notification(words.productName, { body: words.head.fresh(fresh), tag: "care-chats" }).onclick = () => focus();
  }
}
