// The words that the pages share, in the language of whoever reads them, and how that language writes times.

import { en } from "./words.en.js";
import { es } from "./words.es.js";

const languages = { en, es };

/** The words in use. A module sees the new ones after `speak`, so take them when something is drawn, not before. */
export let words = en;

/** Speaks the first of `wanted` that the pages know, else English, and answers which that is. @param {readonly string[]} wanted  Such as "es" or "es-MX". */
export function speak(wanted) {
  const known = /** @type {keyof typeof languages} */ (wanted.map((tag) => tag.slice(0, 2)).find((tag) => tag in languages) ?? "en");
  words = languages[known];
  document.documentElement.lang = known;
  return known;
}

const clock = /** @type {const} */ ({ hour: "numeric", minute: "2-digit" });
const date = /** @type {const} */ ({ weekday: "long", month: "long", day: "numeric" });

/** An Intl format takes long to make and a conversation has many times. @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/** @param {Date|string} at @param {Intl.DateTimeFormatOptions} options */
function format(at, options) {
  const key = words.locale + JSON.stringify(options);
  const found = formats.get(key) ?? new Intl.DateTimeFormat(words.locale, options);
  formats.set(key, found);
  return found.format(new Date(at));
}

/** "9:41 AM" @param {Date|string} at */
export const timeOf = (at) => format(at, clock);

/** "Friday, December 4, 5:00 PM" @param {Date|string} at */
export const moment = (at) => format(at, { ...date, ...clock });

/** "Mon, 5:00 PM" within a week, else the date. @param {Date|string} at @param {Date} [now] */
export function soon(at, now = new Date()) {
  const isNear = new Date(at).getTime() - now.getTime() < 6 * 24 * 60 * 60 * 1000;
  return format(at, isNear ? { weekday: "short", ...clock } : { month: "short", day: "numeric" });
}

/** Which day it was here, to compare. @param {Date|string} at */
export const dayOf = (at) => new Date(at).toDateString();

/** "Today", "Yesterday", else the date, with its year if it was another. @param {Date|string} at @param {Date} [now] */
export function dayName(at, now = new Date()) {
  const before = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (dayOf(at) === dayOf(now)) return words.today;
  if (dayOf(at) === dayOf(before)) return words.yesterday;
  return format(at, new Date(at).getFullYear() === now.getFullYear() ? date : { ...date, year: "numeric" });
}

/** In few letters, for a list: the time of today, else the day. @param {string} at @param {Date} [now] */
export function shortly(at, now = new Date()) {
  if (dayOf(at) === dayOf(now)) return timeOf(at);
  const isThisYear = new Date(at).getFullYear() === now.getFullYear();
  return format(at, isThisYear ? { month: "short", day: "numeric" } : { month: "numeric", day: "numeric", year: "2-digit" });
}

/** "December 4", with its year if it was another. @param {string} at @param {Date} [now] */
export function shortDate(at, now = new Date()) {
  const isThisYear = new Date(at).getFullYear() === now.getFullYear();
  return format(at, { month: "long", day: "numeric", ...(isThisYear ? {} : { year: "numeric" }) });
}
