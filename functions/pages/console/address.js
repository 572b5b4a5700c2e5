// The address of every view, which can be reloaded and shared.

/** @typedef {"queue"|"inbox"|"caseload"|"coverage"} View */
/** @typedef {import("./staff.js").Scope} Scope */
/**
 * Where one is: a view, whose work it lists, and the person in a program who is open beside it. `list` is the inbox's, `text` what the
 * caseload is searched for, `threadId` the thread that is shown where it is not the first.
 * @typedef {{view: View, scope: Scope, list: "waiting"|"unreadByMember", text: string, memberId: string, programId: string, threadId: string, panel: boolean}} Place
 */

export const views = /** @type {const} */ (["queue", "inbox", "caseload", "coverage"]);
export const scopes = /** @type {const} */ (["mine", "department", "covering"]);

/** @param {string} path @param {string} query @returns {Place} */
export function placeAt(path, query) {
  const [view, memberId = "", programId = ""] = path.replace(/^\/console\/?/, "").split("/").map(decoded);
  const asked = new URLSearchParams(query);
  return {
    view: views.find((each) => each === view) ?? "queue",
    scope: scopes.find((each) => each === asked.get("scope")) ?? "mine",
    list: asked.get("list") === "unreadByMember" ? "unreadByMember" : "waiting",
    text: asked.get("find") ?? "",
    memberId: programId && memberId, programId,
    threadId: asked.get("thread") ?? "",
    panel: asked.get("panel") === "open",
  };
}

/** @param {Place} place */
export function addressOf({ view, scope, list, text, memberId, programId, threadId, panel }) {
  const path = ["/console", view, ...(memberId ? [memberId, programId] : [])].map((part, i) => i ? encodeURIComponent(part) : part).join("/");
  const query = new URLSearchParams({
    ...(scope !== "mine" && { scope }), ...(list !== "waiting" && { list }), ...(text && { find: text }),
    ...(memberId && threadId && { thread: threadId }), ...(memberId && panel && { panel: "open" }),
  }).toString();
  return query ? `${path}?${query}` : path;
}

/** @param {string} part */
function decoded(part) {
  try { return decodeURIComponent(part); } catch { return ""; }
}
