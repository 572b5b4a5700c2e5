// The request, pinned on top: what was asked, why, until when, and what became of it. Where there is little room it begins as two lines.

import { Icon } from "../common/parts.js";
import { html, useState } from "../common/vendor/preact-htm.js";
import { isLate } from "./rows.js";
import { dueIn } from "./times.js";
import { moment, words } from "./words.js";

/** @param {{desk: import("./desk.js").Desk, open: import("./case.js").Case, request: import("./staff.js").Request}} props */
export function RequestCard({ desk, open, request }) {
  const { state, reason, comment, expectedReplyBy } = request, isOpen = state === "open";
  const [isWhole, setWhole] = useState(!matchMedia("(max-height: 40rem), (max-width: 30rem)").matches);
  const late = isOpen && isLate({ overdue: request.late ?? false, dueAt: expectedReplyBy });
  return html`<article class=${`request ${state} ${isWhole ? "" : "brief"}`} aria-label=${words.case.request}>
    <header><h3>${reason.label}</h3>
      <p class=${late ? "when late" : "when"} title=${moment(expectedReplyBy)}>${isOpen ? dueIn(expectedReplyBy, late) : words.case.actions[state]}</p>
      <button type="button" class="plain fold" aria-label=${words.case.whole} aria-expanded=${isWhole} onClick=${() => setWhole(!isWhole)}><${Icon} name="down" /></button></header>
    <p class="written" dir="auto">${comment}</p>
    <footer>
      ${isWhole && html`<details><summary>${words.case.history}</summary><ul>${request.history.map((event) => html`<li key=${event.at + event.action}>${sentence(open, event)}</li>`)}</ul></details>`}
      ${isOpen && open.closing.waiting ? html`<p class="hint waits" role="status">${words.case.closesLater}
          <button type="button" onClick=${() => (open.closing.drop(), desk.redraw())}>${words.case.takeBack}</button></p>`
        : isOpen && html`<button type="button" class="primary" id="close-task" data-key="e" onClick=${() => desk.show("close")}>${words.case.close}</button>`}
    </footer>
  </article>`;
}

/** @param {import("./case.js").Case} open @param {import("./staff.js").Request["history"][number]} event */
function sentence(open, { action, by, at, reason }) {
  const what = words.case.actions[action] + (reason ? `: ${reason.label}` : "");
  return words.case.event(what, by === "member" ? open.member.displayName : words.case.by[by], moment(at));
}
