// The Chats screen: what is unread, what was asked for, the other chats, and what is over.

import { Emergency, Face, Failed, Icon, Loading } from "../common/parts.js";
import { html, useEffect, useState } from "../common/vendor/preact-htm.js";
import { Confirmation, EndedRequests, Unfinished } from "./confirmation.js";
import { isReached } from "./preferences.js";
import { RequestDialog } from "./request.js";
import { moment, shortly, words } from "./words.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("../client/types").Chats} Chats */
/** @typedef {import("../client/types").Thread} Thread */
/** @typedef {import("./request.js").Asked} Asked */

/** @param {{page: Page}} props */
export function ChatsView({ page }) {
  const { chats } = page;
  const [asked, ask] = useState(/** @type {Asked|undefined} */ (undefined));

  return html`<div class="chats">
    <div><p class="hello" dir="auto">${words.hello(page.me?.displayName ?? "")}</p><h1 tabindex="-1">${words.chats}</h1></div>
    ${chats ? html`<${Screen} page=${page} chats=${chats} ask=${ask} />`
      : page.notice ? html`<${Failed} text=${page.notice} again=${() => page.refresh()} />` : html`<${Loading} />`}
    ${asked && html`<${RequestDialog} key=${asked} page=${page} asked=${asked} onClose=${() => ask(undefined)} />`}
  </div>`;
}

/** @param {{page: Page, chats: Chats, ask: (asked: Asked) => void}} props */
function Screen({ page, chats, ask }) {
  const unread = chats.threads.filter(({ unreadCount }) => unreadCount > 0);
  const read = chats.threads.filter(({ unreadCount }) => unreadCount === 0);
  const isEmpty = chats.threads.length === 0;
  return html`
    <${List} key="unread" id="unread" title=${words.list.unread} page=${page} threads=${unread} />
    ${page.news.map((request) => html`<${News} key=${`news ${request.id}`} page=${page} request=${request} />`)}
    ${chats.requests.map((request) => html`<${Confirmation} key=${request.id} request=${request} threads=${chats.threads} ask=${ask} />`)}
    <${Ask} key="ask" page=${page} chats=${chats} ask=${ask} />
    <${Emergency} key="emergency" text=${chats.emergency} />
    ${chats.paused.length > 0 && html`<${Untold} key="paused" icon="pause" text=${words.list.paused} />`}
    <${Unreached} key="unreached" page=${page} />
    ${isEmpty && html`<section key="none" aria-labelledby="none"><h2 id="none">${words.list.active}</h2><${Empty} /></section>`}
    <${List} key="active" id="active" title=${words.list.active} page=${page} threads=${read} />
    <${EndedRequests} key="ended" requests=${chats.ended.filter(({ id }) => !page.news.some((each) => each.id === id))} />
    <${List} key="past" id="past" title=${words.list.inactive} hint=${words.list.inactiveHint} page=${page} threads=${page.past} />`;
}

/** One line on why the member is not told of messages. @param {{icon: string, text: string}} props */
function Untold({ icon, text }) {
  return html`<p class="note"><${Icon} name=${icon} /><span>${text} <a href="#/preferences">${words.list.change}</a></span></p>`;
}

/** Says that no channel is left. It looks once the view is there, which needs the connection first, and without an answer says nothing. @param {{page: Page}} props */
function Unreached({ page }) {
  const [isSo, set] = useState(false);
  useEffect(() => {
    const look = setTimeout(() => page.client.getPreferences().then((now) => set(!isReached(now)), () => {}), 1000);
    return () => clearTimeout(look);
  }, []);
  return isSo && html`<${Untold} icon="warning" text=${words.list.unreached} />`;
}

/** @param {{page: Page, chats: Chats, ask: (asked: Asked) => void}} props */
function Ask({ page, chats: { canRequest, requests }, ask }) {
  if (!canRequest.allowed) return html`<p class="hint">${words.list[canRequest.reason ?? "noProgram"]}</p>`;
  const open = () => ask({ kind: "new" });
  if (page.draft) return html`<${Unfinished} page=${page} open=${open} />`;
  return html`<div class="ask">
    ${requests.length === 0 && html`<p>${words.request.ask}</p>`}
    <button type="button" class="primary big" onClick=${open}>${words.request.open}</button></div>`;
}

/** A request that somebody else has just ended. @param {{page: Page, request: import("../client/types").EndedRequest}} props */
function News({ page, request }) {
  const { nowClosed, nowCancelled, dismiss } = words.request;
  return html`<div class="note news">
    <${Icon} name="check" /><span>${(request.state === "closed" ? nowClosed : nowCancelled)(request.program.name)}</span>
    <button type="button" class="quiet" onClick=${() => page.dismiss(request)}>${dismiss}</button></div>`;
}

function Empty() {
  return html`<div class="empty"><${Icon} name="chats" /><p>${words.list.none}</p></div>`;
}

/** @param {{id: string, title: string, hint?: string, page: Page, threads: Thread[]}} props */
function List({ id, title, hint, page, threads }) {
  return threads.length > 0 && html`<section aria-labelledby=${id}>
    <h2 id=${id}>${title}</h2>${hint && html`<p class="hint">${hint}</p>`}
    <ul class="threads">${threads.map((thread) => html`<${Item} key=${thread.id} page=${page} thread=${thread} />`)}</ul>
  </section>`;
}

/** @param {{page: Page, thread: Thread}} props */
function Item({ page, thread: { id, careManager, program, lastMessage, unreadCount } }) {
  const { unsent, draft } = page.conversation(id);
  const waiting = unsent.filter(({ state }) => state !== "sending").length;
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
      ${draft && html`<span class="draft-mark">${words.list.draft} <bdi>${draft}</bdi></span>`}
      ${waiting > 0 && html`<span class="unsent-mark">${words.list.unsent(waiting)}</span>`}
    </a></li>`;
}
