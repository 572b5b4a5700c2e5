// The rows of the lists. A person in a program is one row, whatever brought them there: a task, threads that wait, or both.

import { dayOf } from "./words.js";

/** @typedef {import("./staff.js").Task} Task */
/** @typedef {import("./staff.js").Thread} Thread */
/** @typedef {import("./staff.js").Owner} Owner */
/** `unread` is how many messages of theirs nobody has dealt with; `isLate`: one of them waits longer than was promised. @typedef {{key: string, member: import("./staff.js").Person, program: import("./staff.js").Program, owner?: Owner, task?: Task,
 *   threads: Thread[], unread: number, since?: string, isLate: boolean, paused?: boolean}} Row */
/** @typedef {"late"|"today"|"later"} Group */

/** @param {string} memberId @param {string} programId */
export const keyOf = (memberId, programId) => `${memberId}/${programId}`;

/** Makes rows in the order of what they are made of. Both lists join rows, but only those of `lead` make some. @param {{tasks: Task[], threads: Thread[]}} work @param {"tasks"|"threads"} lead @returns {Row[]} */
export function rowsOf(work, lead) {
  /** @type {Map<string, Row>} */ const rows = new Map();
  for (const each of work[lead]) rows.set(keyOfWork(each), rows.get(keyOfWork(each)) ?? emptyRow(each));
  for (const task of work.tasks) Object.assign(rows.get(keyOfWork(task)) ?? {}, { task, owner: task.owner });
  for (const thread of work.threads) join(rows.get(keyOfWork(thread)), thread);
  return [...rows.values()];
}

/** @param {import("./staff.js").Assignment[]} assignments @param {{tasks: Task[], threads: Thread[]}} work @returns {Row[]} */
export function caseloadRows(assignments, work) {
  const busy = new Map(["tasks", "threads"].flatMap((lead) => rowsOf(work, /** @type {"tasks"|"threads"} */ (lead))).map((row) => [row.key, row]));
  return assignments.map((each) => ({ ...emptyRow(each), ...busy.get(keyOfWork(each)), owner: each.owner, paused: each.paused }));
}

/** @param {{member: {id: string}, program: {id: string}}} work */
const keyOfWork = ({ member, program }) => keyOf(member.id, program.id);

/** @param {{member: import("./staff.js").Person, program: import("./staff.js").Program, owner?: Owner}} work @returns {Row} */
const emptyRow = ({ member, program, owner }) => ({ key: keyOf(member.id, program.id), member, program, owner, threads: [], unread: 0, isLate: false });

/** @param {Row|undefined} row @param {Thread} thread */
function join(row, thread) {
  if (!row) return;
  row.threads.push(thread);
  row.unread += thread.unreadCount;
  row.isLate ||= thread.late ?? false;
  const since = thread.waitingSince ?? thread.unreadByMemberSince;
  if (since && (!row.since || since < row.since)) row.since = since;
}

/** @param {Row} row @param {Date} [now] @returns {Group|undefined} */
export function groupOf({ task }, now = new Date()) {
  if (!task) return undefined;
  if (isLate(task, now)) return "late";
  return dayOf(task.dueAt) === dayOf(now) ? "today" : "later";
}

/** What the server says; a task that turned late since it was read is late too. @param {{overdue: boolean, dueAt: string}} task @param {Date} [now] */
export const isLate = ({ overdue, dueAt }, now = new Date()) => overdue || new Date(dueAt) <= now;
