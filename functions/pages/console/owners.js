// Whose a person is: one's own, a department's, or a colleague's, whom one may cover.

/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {import("./staff.js").Owner} Owner */

/** Whether a coverage runs. @param {{from: string, to: string}} coverage */
export const isOn = ({ from, to }, now = new Date().toISOString()) => from <= now && now < to;

/** @param {Desk} desk @param {Owner} [owner] */
export const isMine = (desk, owner) => owner?.kind === "careManager" && owner.id === desk.me?.id;

/** Whether it is a colleague whom one covers now. @param {Desk} desk @param {Owner} owner */
export function isCovered(desk, owner) {
  return owner.kind === "careManager" && (desk.me?.covers.some((each) => each.careManager.id === owner.id && isOn(each)) ?? false);
}

/** Whether there is something to take over: who is covered keeps what is theirs. @param {Desk} desk @param {Owner} owner */
export const isOthers = (desk, owner) => !isMine(desk, owner) && !isCovered(desk, owner);
