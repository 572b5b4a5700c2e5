// The head: whose console it is, who covers whom, and the account.

import { Icon } from "../common/parts.js";
import { html, useEffect, useRef } from "../common/vendor/preact-htm.js";
import { ask, canAsk } from "./bell.js";
import { EndCoverage } from "./dialogs.js";
import { Languages } from "./gate.js";
import { showKeys, useKeys } from "./keys.js";
import { isOn } from "./owners.js";
import { shortDate, words } from "./words.js";

/** @typedef {import("./desk.js").Desk} Desk */

/** @param {{desk: Desk}} props */
export function Head({ desk }) {
  const { me } = desk;
  return html`<header class="top">
    <p class="brand"><${Icon} name="chats" />${words.productName}<span>${me?.organization.name}</span></p>
    <${Banners} desk=${desk} />
    <${Account} desk=${desk} />
  </header>`;
}

/** Who covers whom now. @param {{desk: Desk}} props */
function Banners({ desk }) {
  const covering = desk.me?.covers.filter((each) => isOn(each)) ?? [];
  const covered = desk.coverages.filter((each) => isOn(each));
  return html`<div class="banners">
    ${covering.map(({ careManager, from, to }) => html`<p key=${careManager.id}>${words.head.covering(careManager.displayName, shortDate(to))}
      <${End} desk=${desk} of=${careManager.id} from=${from} /></p>`)}
    ${covered.map((each) => html`<p key=${each.id}>${words.head.covered(desk.colleague(each.coverId), shortDate(each.to))}
      <${EndCoverage} desk=${desk} label=${words.head.end} end=${() => desk.endCoverage("me", each.id)} /></p>`)}
  </div>`;
}

/** Ends what one does for a colleague; which coverage of theirs it is, their list says. @param {{desk: Desk, of: string, from: string}} props */
function End({ desk, of, from }) {
  const end = async () => {
    const { items } = await desk.staff.coverages(of);
    const found = items.find((each) => each.from === from && each.coverId === desk.me?.id);
    if (found) await desk.endCoverage(of, found.id);
  };
  return html`<${EndCoverage} desk=${desk} label=${words.head.end} end=${end} />`;
}

/** @param {{desk: Desk}} props */
function Account({ desk }) {
  const menu = useRef(/** @type {HTMLDetailsElement|null} */ (null));
  const [isOn, setOn] = useKeys();
  useEffect(() => {
    const shut = (/** @type {Event} */ event) => {
      const { current } = menu;
      if (!current?.open || event instanceof KeyboardEvent && event.key !== "Escape" || event.type === "click" && current.contains(/** @type {Node} */ (event.target))) return;
      current.open = false;
      if (event instanceof KeyboardEvent) current.querySelector("summary")?.focus();
    };
    addEventListener("click", shut);
    addEventListener("keydown", shut);
    return () => {
      removeEventListener("click", shut);
      removeEventListener("keydown", shut);
    };
  }, []);
  return html`<details class="account" ref=${menu}>
    <summary><span class="hidden">${words.head.account}: </span>${desk.me?.displayName}</summary>
    <div class="menu">
      <button type="button" class="plain" onClick=${() => showKeys(desk)}>${words.head.keys}</button>
      <label class="check"><input type="checkbox" checked=${isOn} onChange=${() => setOn(!isOn)} /><span>${words.head.useKeys}</span></label>
      ${canAsk() && html`<button type="button" class="plain" onClick=${() => ask(() => desk.redraw())}>${words.head.notify}</button>`}
      <${Languages} desk=${desk} />
      <button type="button" class="plain" onClick=${() => desk.signOut()}>${words.head.signOut}</button>
    </div>
  </details>`;
}
