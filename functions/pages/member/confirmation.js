// A chat request as its member sees it: while it is written, while it is open, and when it has ended.

import { Icon } from "../common/parts.js";
import { html } from "../common/vendor/preact-htm.js";
import { moment, shortDate, words } from "./words.js";

/** @typedef {import("../client/types").ChatRequest} ChatRequest */
/** @typedef {import("../client/types").EndedRequest} EndedRequest */
/** @typedef {import("../client/types").Thread} Thread */
/** @typedef {import("./request.js").Asked} Asked */

/** A request that was begun, here or in another tab. @param {{page: import("./page.js").Page, open: () => void}} props */
export function Unfinished({ page, open }) {
  const drop = () => {
    page.draft = undefined;
    page.redraw();
  };
  return html`<div class="note news">
    <${Icon} name="pencil" /><span>${words.request.unfinished}</span>
    <span class="buttons"><button type="button" class="primary" onClick=${open}>${words.request.goOn}</button>
      <button type="button" class="quiet" onClick=${drop}>${words.talk.drop}</button></span></div>`;
}

/**
 * The confirmation, which stays until the care manager has closed the task: in two lines once somebody has written, since then the chat matters more.
 * @param {{request: ChatRequest, threads: Thread[], ask: (asked: Asked) => void}} props
 */
export function Confirmation({ request, threads, ask }) {
  const since = threads.filter(({ program, lastMessage }) => program.id === request.program.id && lastMessage.sentAt > request.createdAt);
  const isAnswered = since.some(({ lastMessage }) => !lastMessage.author.isMe);
  const heading = html`<h2><span class="tick"><${Icon} name="check" /></span>${words.request.confirmed}</h2>`;
  const promise = !isAnswered && (request.late || since.length === 0) && html`<${Promised} request=${request} />`;
  return html`<article class="card confirmation" aria-label=${words.request.confirmed}>
    ${since.length > 0 ? html`<details><summary>${heading}<p>${request.reason.label}</p></summary><${Details} request=${request} ask=${ask} /></details>${promise}`
      : html`${heading}${promise}<${Details} request=${request} ask=${ask} />`}
  </article>`;
}

/** When a reply is to be expected; a promise that is late says so, and what to do. @param {{request: ChatRequest}} props */
function Promised({ request }) {
  if (request.late) return html`<p class="promise late"><${Icon} name="warning" /><span>${words.request.late(moment(request.createdAt))}</span></p>`;
  return html`<p class="promise"><${Icon} name="clock" /><span>${words.request.replyBy(moment(request.expectedReplyBy))}</span></p>`;
}

/** A longer comment scrolls in its place, and the keyboard must get there. */
const scrolls = 100; // characters

/** @param {{request: ChatRequest, ask: (asked: Asked) => void}} props */
function Details({ request, ask }) {
  const can = new Set(request.allowedActions);
  return html`<dl>
      <div><dt>${words.request.program}</dt><dd>${request.program.name}</dd></div>
      <div><dt>${words.request.reason}</dt><dd>${request.reason.label}</dd></div>
      <div><dt>${words.request.comment}</dt>
        <dd class="written" dir="auto" tabindex=${request.comment.length > scrolls ? 0 : undefined}>${request.comment}</dd></div>
    </dl>
    <div class="buttons">
      ${can.has("changeReason") && html`<button type="button" onClick=${() => ask({ kind: "change", request })}>${words.request.changeReason}</button>`}
      ${can.has("cancel") && html`<button type="button" class="quiet" onClick=${() => ask({ kind: "cancel", request })}>${words.request.cancel}</button>`}
    </div>`;
}

/** A line for each request that ended within 30 days. @param {{requests: EndedRequest[]}} props */
export function EndedRequests({ requests }) {
  return requests.length > 0 && html`<section aria-labelledby="ended"><h2 id="ended">${words.list.ended}</h2>
    <ul class="ended">${requests.map((request) => html`<li key=${request.id}>
      ${words.request.askedOn(shortDate(request.createdAt), request.program.name, request.reason.label)}${" "}
      ${(request.state === "closed" ? words.request.closedOn : words.request.cancelledOn)(shortDate(request.updatedAt))}</li>`)}</ul>
  </section>`;
}
