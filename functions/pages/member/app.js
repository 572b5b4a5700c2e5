// The member's page: what stands around every view, and which view is shown.

import { Dialog, Icon, Loading, closeDialog, focusHeading, holdFocus } from "../common/parts.js";
import { Component, html, render, useEffect, useState } from "../common/vendor/preact-htm.js";
import { ChatsView } from "./chats.js";
import { GateView } from "./login.js";
import { Page } from "./page.js";
import { PreferencesView } from "./preferences.js";
import { ThreadHead, ThreadView } from "./thread.js";
import { words } from "./words.js";

/** @param {{page: Page}} props */
function Shell({ page }) {
  const isIn = !page.gate && page.isKnown;
  const { view } = page.place;
  return html`
    ${isIn && html`<${Head} page=${page} />`}
    <main class=${page.gate ? "gate" : view === "thread" ? "talk" : ""}>
      ${page.gate ? html`<${GateView} page=${page} gate=${page.gate} />`
        : isIn ? html`<${Guarded} key=${view} page=${page}><${View} page=${page} /></${Guarded}>` : html`<${Entering} page=${page} />`}
    </main>
    ${isIn && view !== "thread" && (page.chats || view !== "chats") && html`<${Notice} page=${page} />`}
    <p class="hidden" aria-live="polite" dir="auto"><span key=${page.spoken.number}>${page.spoken.text}</span></p>`;
}

/** A view that cannot be drawn says so, and is drawn again when something has changed. */
class Guarded extends Component {
  state = { isBroken: false };

  /** @param {unknown} fault */
  componentDidCatch(fault) {
    console.error(fault);
    this.setState({ isBroken: true });
  }

  /** @param {{page: Page, children: any}} props */
  render({ page, children }) {
    const again = () => {
      this.setState({ isBroken: false });
      page.retry();
    };
    return this.state.isBroken ? html`<${Broken} again=${again} />` : children;
  }
}

/** @param {{again: () => void}} props */
function Broken({ again }) {
  return html`<div class="card failed"><p class="error" role="alert"><${Icon} name="warning" /><span>${words.problems.other}</span></p>
    <button type="button" class="primary" onClick=${again}>${words.problems.tryAgain}</button></div>`;
}

/** @param {{page: Page}} props */
function Entering({ page }) {
  return html`<h1 class="hidden">${words.productName}</h1>
    ${page.notice && html`<p class="entering" role="status">${page.notice}
      <button type="button" class="quiet" onClick=${() => page.retry()}>${words.problems.tryAgain}</button></p>`}<${Loading} />`;
}

/** @param {{page: Page}} props */
function View({ page }) {
  const { view, id } = page.place;
  useEffect(() => {
    if (view !== "thread") scrollTo(0, 0);
    focusHeading();
  }, [view, id]);
  if (view === "thread") return html`<${ThreadView} key=${id} page=${page} threadId=${id} notice=${html`<${Notice} page=${page} />`} />`;
  return view === "preferences" ? html`<${PreferencesView} page=${page} />` : html`<${ChatsView} page=${page} />`;
}

/** Says what cannot be read now, at the bottom, where it covers no heading. @param {{page: Page}} props */
function Notice({ page }) {
  return html`<div class="notice" role="status">${page.notice && html`<p><span>${page.notice}</span>
    <button type="button" onClick=${() => page.retry()}>${words.problems.tryAgain}</button></p>`}</div>`;
}

/** Where one is, and the dot; in a chat whose it is, in the same line. @param {{page: Page}} props */
function Head({ page }) {
  const { view, id } = page.place;
  const [isLeaving, setLeaving] = useState(false);
  const leave = () => page.hasUnsent ? setLeaving(true) : page.logOut();
  return html`<header class=${view === "thread" ? "top in-thread" : "top"}>
    <div class="bar">
      <nav aria-label=${words.navigation}><${ChatsLink} page=${page} /></nav>
      ${view === "thread" && html`<${ThreadHead} page=${page} threadId=${id} />`}
      <a href="#/preferences" class="wide-only" aria-current=${view === "preferences" ? "page" : "false"}>${words.preferences.title}</a>
      <button type="button" class="plain wide-only" onClick=${leave}>${words.logOut}</button>
    </div>
    ${isLeaving && html`<${Dialog} title=${words.leave.title} onClose=${() => setLeaving(false)}><p>${words.leave.text}</p>
      <div class="buttons"><button type="button" class="primary" onClick=${closeDialog}>${words.leave.no}</button>
        <button type="button" class="quiet" onClick=${() => page.logOut()}>${words.leave.yes}</button></div></${Dialog}>`}
  </header>`;
}

/** The way to Chats, with the dot. @param {{page: Page}} props */
function ChatsLink({ page }) {
  const { view } = page.place;
  const unread = page.chats?.unread;
  const name = view === "thread" ? words.thread.back : words.chats;
  return html`<a href="#/" class=${view === "thread" ? "chats-link back" : "chats-link"} aria-current=${view === "chats" ? "page" : "false"}
    aria-label=${unread?.hasUnread ? `${name}, ${words.unread(unread.messages)}` : name} title=${view === "thread" ? name : undefined}>
    <${Icon} name=${view === "thread" ? "back" : "chats"} />${view !== "thread" && html`<span>${words.chats}</span>`}
    <span class=${unread?.hasUnread ? "dot on" : "dot"} aria-hidden="true"></span></a>`;
}

/** Which view it is and what is unread, but with whom one talks is on no tab. @param {Page} page */
function titleOf(page) {
  if (page.gate || !page.isKnown) return page.gate?.organization?.name ?? words.productName;
  const title = { chats: words.chats, thread: words.thread.title, preferences: words.preferences.title }[page.place.view];
  const unread = page.chats?.unread;
  return unread?.hasUnread ? `${title} (${words.unread(unread.messages)})` : title;
}

const page = new Page();
page.redraw = () => {
  render(html`<${Shell} page=${page} />`, document.body);
  if (document.title !== titleOf(page)) document.title = titleOf(page);
};
holdFocus();
page.start();
