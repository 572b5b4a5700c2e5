// One message, sent or not, and what was begun where nothing can be sent any more.

import { linked } from "./links.js";
import { Icon } from "./parts.js";
import { Component, html } from "./vendor/preact-htm.js";
import { dayName, moment, timeOf, words } from "./words.js";

/** @typedef {import("../client/types").Message} Message */
/** @typedef {import("./conversation.js").Conversation} Conversation */
/** @typedef {import("./conversation.js").Unsent} Unsent */
/** @typedef {{message: Message, isFirstOfDay: boolean, isFirstUnread: boolean, state: ""|"sent"|"seen", today: string, words: object}} Props */

/** A message, which does not change: it is drawn again only when what stands around it does. A thread may have thousands. */
export class Bubble extends Component {
  /** @param {Props} next */
  shouldComponentUpdate(next) {
    const props = /** @type {Props} */ (this.props);
    return Object.keys(next).some((name) => name !== "message" && next[/** @type {keyof Props} */ (name)] !== props[/** @type {keyof Props} */ (name)]);
  }

  /** @param {Props} props */
  render({ message: { author, text, sentAt }, isFirstOfDay, isFirstUnread, state }) {
    return html`<li class=${author.isMe ? "mine" : "theirs"}>
      ${isFirstOfDay && html`<p class="day"><span>${dayName(sentAt)}</span></p>`}
      ${isFirstUnread && html`<p class="unread-line"><span>${words.talk.newMessages}</span></p>`}
      <div class="bubble">
        <p class="meta"><bdi>${author.isMe ? words.talk.you : author.displayName}</bdi>${" "}
          <time datetime=${sentAt} title=${moment(sentAt)}>${timeOf(sentAt)}</time></p>
        <p class="written" dir="auto">${author.isMe ? text : linked(text)}</p>
      </div>
      ${state && html`<p class="state"><${Icon} name="check" />${state === "seen" ? words.talk.seen : words.talk.sent}</p>`}
    </li>`;
  }
}

/** A text that is not sent yet. @param {{host: import("./parts.js").Host, conversation: Conversation, unsent: Unsent}} props */
export function UnsentBubble({ host, conversation, unsent }) {
  const edit = () => {
    conversation.edit(unsent);
    document.getElementById("message")?.focus();
  };
  return html`<li class="mine unsent">
    <div class="bubble">
      <p class="meta"><bdi>${words.talk.you}</bdi></p>
      <p class="written" dir="auto">${unsent.text}</p>
    </div>
    ${unsent.state === "sending" && html`<p class="state">${words.talk.sending}</p>`}
    ${unsent.state === "waiting" && html`<p class="state">${words.talk.waiting}</p>
      <button type="button" class="retry" onClick=${() => conversation.resume()}>${words.talk.tryNow}</button>`}
    ${unsent.state === "refused" && html`<p class="state refused"><${Icon} name="warning" />${words.talk.refused} ${host.describe(unsent.refusal)}</p>
      <div class="buttons">
        ${conversation.thread?.canReply.allowed && html`<button type="button" onClick=${edit}>${words.talk.edit}</button>`}
        <button type="button" class="quiet" onClick=${() => conversation.drop(unsent)}>${words.talk.drop}</button></div>`}
  </li>`;
}

/** What stood in the box when it went away: to be read and copied, until its writer deletes it. @param {{conversation: Conversation}} props */
export function Unsaid({ conversation }) {
  const { draft } = conversation;
  const drop = () => {
    conversation.draft = "";
    conversation.changed();
  };
  return draft.trim() !== "" && html`<div class="unsaid"><p>${words.talk.unsaid}</p><p class="written" dir="auto" tabindex="0">${draft}</p>
    <button type="button" class="quiet" onClick=${drop}>${words.talk.drop}</button></div>`;
}
