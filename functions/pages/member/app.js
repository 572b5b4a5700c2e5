// The member's page: what stands around every view, and which view is shown.

import { ChatsView } from "./chats.js";
import { GateView } from "./login.js";
import { Page } from "./page.js";
import { Dialog, Icon, Loading, closeDialog, focusHeading } from "../common/parts.js";
import { PreferencesView } from "./preferences.js";
import { ThreadHead, ThreadView } from "./thread.js";
import { html, render, useEffect, useState } from "../common/vendor/preact-htm.js";
import { words } from "./words.js";

/** @param {{page: Page}} props */
function Shell({ page }) {
  const isIn = !page.gate && page.isKnown;
  const { view } = page.place;
  return html`
    ${isIn && html`<${Head} page=${page} />`}
    <main class=${page.gate ? "gate" : view === "thread" ? "talk" : ""}>
      ${page.gate ? html`<${GateView} page=${page} gate=${page.gate} />` : isIn ? html`<${View} page=${page} />` : html`<${Entering} page=${page} />`}
    </main>
    <p class="hidden" aria-live="polite" dir="auto">${page.spoken}</p>`;
}

/** @param {{page: Page}} props */
function Entering({ page }) {
  return html`<h1 class="hidden">${words.productName}</h1><p class="entering">${page.notice}</p><${Loading} />`;
}

/** @param {{page: Page}} props */
function View({ page }) {
  const { view, id } = page.place;
  useEffect(() => {
    if (view !== "thread") scrollTo(0, 0);
    focusHeading();
  }, [view, id]);
  if (view === "thread") return html`<${ThreadView} key=${id} page=${page} threadId=${id} />`;
  return view === "preferences" ? html`<${PreferencesView} page=${page} />` : html`<${ChatsView} page=${page} />`;
}

/** Where one is, and the dot. @param {{page: Page}} props */
function Head({ page }) {
  const { view, id } = page.place;
  const [isLeaving, setLeaving] = useState(false);
  const leave = () => page.hasUnsent ? setLeaving(true) : page.logOut();
  const unread = page.chats?.unread;
  const label = unread?.hasUnread ? `${words.chats}, ${words.unread(unread.messages)}` : words.chats;
  return html`<header class="top">
    <div class="bar">
      <nav aria-label=${words.navigation}>
        <a href="#/" class="chats-link" aria-label=${label} aria-current=${view === "chats" ? "page" : "false"}>
          <${Icon} name="chats" /><span>${words.chats}</span><span class=${unread?.hasUnread ? "dot on" : "dot"} aria-hidden="true"></span></a>
      </nav>
      <a href="#/preferences" aria-current=${view === "preferences" ? "page" : "false"}>${words.preferences.title}</a>
      <button type="button" class="plain" onClick=${leave}>${words.logOut}</button>
    </div>
    ${view === "thread" && html`<${ThreadHead} page=${page} threadId=${id} />`}
    <p class="notice" role="status">${page.notice && (page.chats || view === "thread") && html`<span>${page.notice}</span>`}</p>
    ${isLeaving && html`<${Dialog} title=${words.leave.title} onClose=${() => setLeaving(false)}><p>${words.leave.text}</p>
      <div class="buttons"><button type="button" class="primary" onClick=${closeDialog}>${words.leave.no}</button>
        <button type="button" class="quiet" onClick=${() => page.logOut()}>${words.leave.yes}</button></div></${Dialog}>`}
  </header>`;
}

/** Which view it is and what is unread, but with whom one talks is on no tab. @param {Page} page */
function titleOf(page) {
  if (page.gate || !page.isKnown) return words.productName;
  const title = { chats: words.chats, thread: words.thread.title, preferences: words.preferences.title }[page.place.view];
  const unread = page.chats?.unread;
  return unread?.hasUnread ? `${title} (${words.unread(unread.messages)})` : title;
}

const page = new Page();
page.redraw = () => {
  render(html`<${Shell} page=${page} />`, document.body);
  if (document.title !== titleOf(page)) document.title = titleOf(page);
};
page.start();
