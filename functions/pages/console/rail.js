// The views, and whose work they list.

import { html } from "../common/vendor/preact-htm.js";
import { addressOf, scopes, views } from "./address.js";
import { words } from "./words.js";

/** @typedef {import("./desk.js").Desk} Desk */

/** @param {{desk: Desk}} props */
export function Rail({ desk }) {
  const { view, scope } = desk.place;
  return html`<nav class="rail" aria-label=${words.head.navigation}>
    <ul>${views.map((each) => html`<li key=${each}><${ViewLink} desk=${desk} view=${each} /></li>`)}</ul>
    ${(view === "queue" || view === "caseload") && html`<label class="scope"><span>${words.scope.label}</span>
      <select value=${scope} onChange=${(/** @type {any} */ event) => desk.go({ scope: event.target.value, memberId: "" })}>
        ${scopes.map((each) => html`<option key=${each} value=${each}>${words.scope[each]}</option>`)}</select></label>`}
  </nav>`;
}

/** @param {{desk: Desk, view: import("./address.js").View}} props */
function ViewLink({ desk, view }) {
  const { open, overdue } = desk.work.counts, { count, isMore } = desk.work.waiting;
  const shown = view === "queue" ? many(open, open >= 100) : view === "inbox" ? many(count, isMore) : "";
  const late = view === "queue" && overdue > 0 && words.lateCount(overdue);
  return html`<${Link} desk=${desk} to=${{ view, memberId: "", text: "", scope: "mine" }} current=${desk.place.view === view ? "page" : "false"}>
    <span>${words.views[view]}</span>${shown && html`<b>${shown}</b>`}${late && html`<em>${late}</em>`}</${Link}>`;
}

/** @param {number} count @param {boolean} isMore */
const many = (count, isMore) => count ? `${count}${isMore ? "+" : ""}` : "";

/** A link within the console: a real one, which can be opened elsewhere too. @param {{desk: Desk, to: Partial<import("./address.js").Place>, current?: string, class?: string, children?: any}} props */
export function Link({ desk, to, current, class: name, children }) {
  const go = (/** @type {MouseEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    desk.go(to);
  };
  return html`<a href=${addressOf({ ...desk.place, ...to })} class=${name} aria-current=${current} onClick=${go}>${children}</a>`;
}
