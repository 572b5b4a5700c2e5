// How long it was, and how long there is.

import { dayOf, soon, timeOf, words } from "./words.js";

/** How long it is from one time to another, in its largest unit. @param {Date|string} from @param {Date} [to] */
export function span(from, to = new Date()) {
  const minutes = Math.max(1, Math.round((to.getTime() - new Date(from).getTime()) / 60_000));
  if (minutes < 60) return words.minutes(minutes);
  return minutes < 48 * 60 ? words.hours(Math.round(minutes / 60)) : words.days(Math.round(minutes / (24 * 60)));
}

/** When a task is due: "2 h late", "by 4:00 PM", "tomorrow by 9:00 AM". @param {string} dueAt @param {boolean} isLate @param {Date} [now] */
export function dueIn(dueAt, isLate, now = new Date()) {
  if (isLate) return words.late(span(dueAt, now));
  const tomorrow = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1);
  if (dayOf(dueAt) === dayOf(now)) return words.by(timeOf(dueAt));
  return dayOf(dueAt) === dayOf(tomorrow) ? words.byTomorrow(timeOf(dueAt)) : words.byDay(soon(dueAt, now));
}
