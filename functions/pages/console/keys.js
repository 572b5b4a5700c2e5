// Single letters, outside fields and dialogs, never with Alt, Ctrl or Command, which are the browser's.

import { afterDialog } from "../common/parts.js";
import { device } from "../common/store.js";
import { useState } from "../common/vendor/preact-htm.js";

/** @typedef {import("./desk.js").Desk} Desk */

const name = "care-chats-console-keys";
const views = /** @type {Record<string, import("./address.js").View>} */ ({ q: "queue", i: "inbox", c: "caseload", v: "coverage" });

/** Whether single letters do something, and how to change that. @returns {[boolean, (isOn: boolean) => void]} */
export function useKeys() {
  const [isOn, set] = useState(areOn());
  return [isOn, (next) => {
    device.set(name, next ? undefined : "off");
    set(next);
  }];
}

const areOn = () => device.get(name) !== "off";

/** @param {Desk} desk */
export function showKeys(desk) {
  desk.show("keys");
}

/** What each letter does where it can. @type {Record<string, (desk: Desk) => unknown>} */
const acts = {
  j: (desk) => step(desk, 1),
  k: (desk) => step(desk, -1),
  r: () => document.getElementById("message")?.focus(),
  e: known(() => press("[data-key=e]")),
  c: known(() => press(".case [data-key=c]") || press("li:focus-within .claim button")),
  a: known(() => press("[data-key=a]")),
  n: known(() => press("[data-key=n]")),
  l: known((desk) => desk.open?.canAct && desk.show("link")), // which asks first: one letter alone sends nothing
  "]": (desk) => desk.open && desk.go({ panel: !desk.place.panel }),
  "?": showKeys,
  "/": (desk) => {
    if (desk.place.view !== "caseload") desk.go({ view: "caseload", memberId: "" });
    document.getElementById("find")?.focus();
  },
};

/** What is pressed before it is known what there is to do for somebody waits until it is. @param {(desk: Desk) => unknown} act @returns {(desk: Desk) => unknown} */
function known(act) {
  return (desk) => desk.open ? desk.open.onceKnown(() => act(desk)) : act(desk);
}

/** @param {Desk} desk */
export function listenForKeys(desk) {
  let isGoing = false; // after g
  addEventListener("keydown", (event) => {
    if (!desk.me || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") return afterDialog(() => back(desk));
    if (!areOn() || isField(event.target)) return;
    const view = isGoing ? views[event.key] : undefined, act = acts[event.key];
    isGoing = event.key === "g";
    if (!isGoing && !view && !act) return;
    event.preventDefault();
    if (view) desk.go({ view, memberId: "", scope: "mine", text: "" });
    else afterDialog(() => act?.(desk));
  });
}

/** @param {EventTarget|null} target */
const isField = (target) => target instanceof HTMLElement && target.matches("input:not([type=checkbox]), select, textarea");

/** Goes to the next row: opens it where one is open, else only points to it. @param {Desk} desk @param {1|-1} by */
function step(desk, by) {
  if (desk.open) return desk.openNext(by);
  const rows = [...document.querySelectorAll(".row > a")];
  const at = rows.findIndex((row) => row.parentElement?.contains(document.activeElement));
  /** @type {HTMLElement|undefined} */ (rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))])?.focus();
}

/** Leaves a field first, then the panel, then the person: the focus goes back to the same row. @param {Desk} desk */
function back(desk) {
  if (isField(document.activeElement)) return /** @type {HTMLElement} */ (document.getElementById("case-title") ?? document.activeElement).focus();
  if (!desk.open) return;
  if (desk.place.panel) return desk.go({ panel: false });
  desk.backToList();
}

/** @param {string} selector */
function press(selector) {
  const button = /** @type {HTMLButtonElement|null} */ (document.querySelector(selector));
  button?.focus();
  button?.click();
  return button !== null;
}
