// The console: what stands around every view, and which view is shown.

import { Icon, Loading, holdFocus } from "../common/parts.js";
import { html, render, useEffect } from "../common/vendor/preact-htm.js";
import { Bell } from "./bell.js";
import { CaseView } from "./talk.js";
import { KeysDialog } from "./dialogs.js";
import { Desk } from "./desk.js";
import { GateView } from "./gate.js";
import { Head } from "./head.js";
import { listenForKeys } from "./keys.js";
import { ListView } from "./list.js";
import { Rail } from "./rail.js";
import { words } from "./words.js";

/** @param {{desk: Desk}} props */
function Shell({ desk }) {
  const { gate, me, open } = desk;
  if (gate || !me) return html`${gate?.canSignIn || gate?.isTrouble ? html`<main class="gate"><${GateView} desk=${desk} /></main>` : html`<main class="gate"><${Loading} /></main>`}<${Spoken} desk=${desk} />`;
  return html`
    <${Head} desk=${desk} />
    <main class=${`desk ${open ? "has-case" : ""}`}>
      <h1 class="hidden" tabindex="-1">${words.views[desk.place.view]}</h1>
      <${Rail} desk=${desk} />
      <${ListView} desk=${desk} />
      <${Beside} key=${open?.key ?? ""} desk=${desk} />
    </main>
    <div class="notice" role="status">${desk.notice && html`<p><span>${desk.notice}</span>
      <button type="button" onClick=${() => desk.retry()}>${words.problems.tryAgain}</button></p>`}</div>
    ${desk.dialog === "keys" && html`<${KeysDialog} desk=${desk} />`}
    <${Spoken} desk=${desk} />`;
}

/** Who is open. The focus goes there, since whoever opens wants to read. @param {{desk: Desk}} props */
function Beside({ desk }) {
  const { open } = desk;
  useEffect(() => {
    if (open) document.getElementById("case-title")?.focus({ preventScroll: true });
  }, []);
  return open ? html`<${CaseView} desk=${desk} open=${open} />` : html`<section class="case nobody"><p><${Icon} name="chats" />${words.case.choose}</p></section>`;
}

/** @param {{desk: Desk}} props */
const Spoken = ({ desk }) => html`<p class="hidden" aria-live="polite" dir="auto"><span key=${desk.spoken.number}>${desk.spoken.text}</span></p>`;

/** Which view it is and what is late, but nobody's name. */
function titleOf() {
  if (!desk.me) return words.productName;
  const { overdue } = desk.work.counts;
  return `${overdue ? `(${words.lateCount(overdue)}) ` : ""}${words.views[desk.place.view]} · ${words.productName}`;
}

const desk = new Desk();
desk.redraw = () => {
  render(html`<${Shell} desk=${desk} />`, document.body);
  if (document.title !== titleOf()) document.title = titleOf();
};
holdFocus();
listenForKeys(desk);
new Bell(desk);
setInterval(() => desk.redraw(), 60_000); // "2 min late"
desk.start();
