// A birth date from its three fields, or from what was pasted.

/** @typedef {{year: string, month: string, day: string}} Given */

/** "1970-02-03", or which fields cannot be right: none of the three is left out, and nobody was born tomorrow. @param {Given} given @param {Date} now */
export function birthDate(given, now) {
  const year = Number(given.year), month = Number(given.month), day = Number(given.day);
  const wrong = [];
  if (!/^\d{1,2}$/.test(given.month) || month < 1 || month > 12) wrong.push("month");
  if (!/^\d{1,2}$/.test(given.day) || day < 1 || day > daysIn(year, month)) wrong.push("day");
  if (!/^\d{4}$/.test(given.year) || year < 1850) wrong.push("year");
  const date = [given.year, given.month.padStart(2, "0"), given.day.padStart(2, "0")].join("-");
  const isFuture = wrong.length === 0 && date > dayAfter(now);
  return wrong.length || isFuture ? { wrong: isFuture ? ["year"] : wrong, isFuture } : { date, wrong: [], isFuture };
}

/** What "1970-02-03", "2/3/1970" and "2.3.1970" say; undefined for anything else. @param {string} text @returns {Given|undefined} */
export function pastedDate(text) {
  const [, year, month, day] = /^\s*(\d{4})-(\d{1,2})-(\d{1,2})\s*$/.exec(text) ?? [];
  if (year) return { year, month, day };
  const [, m, d, y] = /^\s*(\d{1,2})[\/. -]+(\d{1,2})[\/. -]+(\d{4})\s*$/.exec(text) ?? [];
  return y ? { year: y, month: m, day: d } : undefined;
}

/** @param {number} year @param {number} month */
const daysIn = (year, month) => month >= 1 && month <= 12 ? new Date(Date.UTC(year || 2000, month, 0)).getUTCDate() : 31;

/** Somewhere it is tomorrow already. @param {Date} now */
const dayAfter = (now) => new Date(now.getTime() + 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
