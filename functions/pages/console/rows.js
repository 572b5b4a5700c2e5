// The rows of the lists. A person is one row, whatever brought them there: a task, threads that wait, or both, in one program or several.

import { dayOf } from "./words.js";

/** @typedef {import("./staff.js").Task} Task */
/** @typedef {import("./staff.js").Thread} Thread */
/** @typedef {import("./staff.js").Owner} Owner */
/** A person in a program. `unread` is how many messages of theirs nobody has dealt with; `isLate`: one of them waits longer than was
 *   promised; `leads`: it is what the list is of. @typedef {{key: string, member: import("./staff.js").Person, program: import("./staff.js").Program, owner?: Owner, task?: Task,
 *   threads: Thread[], unread: number, since?: string, isLate: boolean, paused?: boolean, leads: boolean}} Part */
/** A person: what comes first of theirs, and what there is in their other programs. @typedef {Part & {also: Part[]}} Row */
/** @typedef {"late"|"today"|"later"} Group */

/** @param {string} memberId @param {string} programId */
export const keyOf = (memberId, programId) => `${memberId}/${programId}`;

/** Makes rows in the order of what they are made of. Both lists join rows, but only those of `lead` make some. @param {{tasks: Task[], threads: Thread[]}} work @param {"tasks"|"threads"} lead @returns {Row[]} */
export function rowsOf(work, lead) {
  return byPerson(partsOf(work, lead));
}

/** @param {{tasks: Task[], threads: Thread[]}} work @param {"tasks"|"threads"} lead @returns {Part[]} */
function partsOf(work, lead) {
  /** @type {Map<string, Part>} */ const parts = new Map();
  for (const each of work[lead]) parts.set(keyOfWork(each), parts.get(keyOfWork(each)) ?? emptyPart(each, true));
  for (const each of [...work.tasks, ...work.threads]) if (!parts.has(keyOfWork(each))) parts.set(keyOfWork(each), emptyPart(each, false));
  for (const task of work.tasks) Object.assign(parts.get(keyOfWork(task)) ?? {}, { task, owner: task.owner });
  for (const thread of work.threads) join(parts.get(keyOfWork(thread)), thread);
  return [...parts.values()];
}

/** One row for each person of whom something leads. @param {Part[]} parts @returns {Row[]} */
function byPerson(parts) {
  /** @type {Map<string, Part[]>} */ const people = new Map();
  for (const part of parts) people.set(part.member.id, [...people.get(part.member.id) ?? [], part]);
  return [...people.values()].flatMap((each) => rowFrom(each) ?? []);
}

/** The row of a person; undefined if nothing of theirs leads. @param {Part[]} parts @returns {Row|undefined} */
export function rowFrom(parts) {
  const first = parts.find(({ leads }) => leads);
  return first && { ...first, also: parts.filter((each) => each !== first) };
}

/** What a row is made of. @param {Row} row @returns {Part[]} */
export const partsIn = (row) => [row, ...row.also];

/** @param {import("./staff.js").Assignment[]} assignments @param {{tasks: Task[], threads: Thread[]}} work @returns {Row[]} */
export function caseloadRows(assignments, work) {
  const busy = new Map(partsOf(work, "tasks").map((part) => [part.key, part]));
  return byPerson(assignments.map((each) => ({ ...emptyPart(each, true), ...busy.get(keyOfWork(each)), owner: each.owner, paused: each.paused, leads: true })));
}

/** @param {{member: {id: string}, program: {id: string}}} work */
const keyOfWork = ({ member, program }) => keyOf(member.id, program.id);

/** @param {{member: import("./staff.js").Person, program: import("./staff.js").Program, owner?: Owner}} work @param {boolean} leads @returns {Part} */
const emptyPart = ({ member, program, owner }, leads) => ({ key: keyOf(member.id, program.id), member, program, owner, threads: [], unread: 0, isLate: false, leads });

/** @param {Part|undefined} part @param {Thread} thread */
function join(part, thread) {
  if (!part) return;
  part.threads.push(thread);
  part.unread += thread.unreadCount;
  part.isLate ||= thread.late ?? false;
  const since = thread.waitingSince ?? thread.unreadByMemberSince;
  if (since && (!part.since || since < part.since)) part.since = since;
}

/** @param {Part} part @param {Date} [now] @returns {Group|undefined} */
export function groupOf({ task }, now = new Date()) {
  if (!task) return undefined;
  if (isLate(task, now)) return "late";
  return dayOf(task.dueAt) === dayOf(now) ? "today" : "later";
}

/** What the server says; a task that turned late since it was read is late too. @param {{overdue: boolean, dueAt: string}} task @param {Date} [now] */
export const isLate = ({ overdue, dueAt }, now = new Date()) => overdue || new Date(dueAt) <= now;
