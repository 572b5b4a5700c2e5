// The Chats screen: what was asked for, the active chats, and the past ones.

import { Emergency, Face, Failed, Icon, Loading } from "../common/parts.js";
import { Confirmation, RequestDialog } from "./request.js";
import { html, useEffect, useState } from "../common/vendor/preact-htm.js";
import { moment, shortly, words } from "./words.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("../common/client.js").Chats} Chats */
/** @typedef {import("../common/client.js").Thread} Thread */
/** @typedef {import("./request.js").Asked} Asked */

/** @param {{page: Page}} props */
export function ChatsView({ page }) {
  const { chats } = page;
  const [asked, ask] = useState(/** @type {Asked|undefined} */ (undefined));
  const active = chats?.threads.map(({ id }) => id).sort().join(" ");
  useEffect(() => {
    if (active !== undefined) page.readPast();
  }, [active]);

  /** A browser says late that a dialog was closed: the next one may be open by then. */
  const closed = () => ask((now) => (now === asked ? undefined : now));

  return html`<div class="chats">
    <div><p class="hello" dir="auto">${words.hello(page.me?.displayName ?? "")}</p><h1 tabindex="-1">${words.chats}</h1></div>
    ${chats ? html`<${Screen} page=${page} chats=${chats} ask=${ask} />`
      : page.notice ? html`<${Failed} text=${page.notice} again=${() => page.refresh()} />` : html`<${Loading} />`}
    ${asked && html`<${RequestDialog} key=${asked} page=${page} asked=${asked} onClose=${closed} />`}
  </div>`;
}

/** @param {{page: Page, chats: Chats, ask: (asked: Asked) => void}} props */
function Screen({ page, chats, ask }) {
  return html`
    <${Emergency} text=${chats.emergency} />
    ${page.ended.map((request) => html`<${Ended} key=${`ended ${request.id}`} page=${page} request=${request} />`)}
    ${chats.requests.map((request) => html`<${Confirmation} key=${request.id} request=${request} ask=${ask} />`)}
    <${Ask} key="ask" chats=${chats} ask=${ask} />
    ${chats.paused.length > 0 && html`<p key="paused" class="note"><${Icon} name="pause" />
      <span>${words.list.paused} <a href="#/preferences">${words.list.pausedLink}</a></span></p>`}
    <section key="active" aria-labelledby="active">
      <h2 id="active">${words.list.active}</h2>
      ${chats.threads.length ? html`<${Threads} page=${page} threads=${chats.threads} />` : html`<${Empty} />`}
    </section>
    ${page.past.length > 0 && html`<section key="past" aria-labelledby="past">
      <h2 id="past">${words.list.inactive}</h2><p class="hint">${words.list.inactiveHint}</p>
      <${Threads} page=${page} threads=${page.past} />
    </section>`}`;
}

/** @param {{chats: Chats, ask: (asked: Asked) => void}} props */
function Ask({ chats: { canRequest, requests }, ask }) {
  if (!canRequest.allowed) return html`<p class="hint">${words.list[canRequest.reason ?? "noProgram"]}</p>`;
  return html`<div class="ask">
    ${requests.length === 0 && html`<p>${words.request.ask}</p>`}
    <button type="button" class="primary big" onClick=${() => ask({ kind: "new" })}>${words.request.open}</button></div>`;
}

/** A request that somebody else ended. @param {{page: Page, request: import("../common/client.js").ChatRequest}} props */
function Ended({ page, request }) {
  const { nowClosed, nowCancelled, dismiss } = words.request;
  return html`<div class="note news">
    <${Icon} name="check" /><span>${(request.state === "closed" ? nowClosed : nowCancelled)(request.program.name)}</span>
    <button type="button" class="quiet" onClick=${() => page.dismiss(request)}>${dismiss}</button></div>`;
}

function Empty() {
  return html`<div class="empty"><${Icon} name="chats" /><p>${words.list.none}</p></div>`;
}

/** @param {{page: Page, threads: Thread[]}} props */
function Threads({ page, threads }) {
  return html`<ul class="threads">${threads.map((thread) => html`<${Item} key=${thread.id} page=${page} thread=${thread} />`)}</ul>`;
}

/** @param {{page: Page, thread: Thread}} props */
function Item({ page, thread: { id, careManager, program, lastMessage, unreadCount } }) {
  const unsent = page.conversation(id).unsent.filter(({ state }) => state === "failed").length;
  return html`<li class=${unreadCount > 0 ? "unread" : ""}>
    <a href=${`#/t/${id}`}>
      <${Face} name=${careManager.displayName} />
      <strong class="name" dir="auto">${careManager.displayName}</strong>
      <time datetime=${lastMessage.sentAt}>${shortly(lastMessage.sentAt)}</time>
      <span class="program">${program.name}</span>
      ${unreadCount > 0 && html`<span class="mark"><span aria-hidden="true">${words.list.mark(unreadCount)}</span>
        <span class="hidden">${words.unread(unreadCount)}</span></span>`}
      ${careManager.cover && html`<span class="cover">${words.thread.cover(careManager.cover.displayName, moment(careManager.cover.until))}</span>`}
      <span class="preview">${lastMessage.author.isMe && `${words.list.you} `}<bdi>${lastMessage.preview}</bdi></span>
      ${unsent > 0 && html`<span class="unsent-mark">${words.list.unsent(unsent)}</span>`}
    </a></li>`;
}
