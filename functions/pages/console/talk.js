// Who is open: the request on top, the messages, and the box to write in.

import { Bubble, Unsaid, UnsentBubble } from "../common/bubbles.js";
import { Face, Icon, Loading, Trouble } from "../common/parts.js";
import { html, useEffect, useRef } from "../common/vendor/preact-htm.js";
import { AssignDialog, CloseDialog, LinkDialog } from "./dialogs.js";
import { isMine, isOthers } from "./owners.js";
import { Panel } from "./panel.js";
import { Link } from "./rail.js";
import { Reply } from "./reply.js";
import { RequestCard } from "./request.js";
import { partsIn } from "./rows.js";
import { useSight } from "./sight.js";
import { useTry } from "./trying.js";
import { dayOf, shortly, words } from "./words.js";

/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {import("./case.js").Case} Case */
/** @typedef {{desk: Desk, open: Case}} Props */

/** @param {Props} props */
export function CaseView({ desk, open }) {
  const { panel } = desk.place;
  return html`<section class=${`case ${panel ? "with-panel" : ""}`} aria-labelledby="case-title">
    <div class="talk">
      <${CaseHead} desk=${desk} open=${open} />
      ${open.isMissing ? html`<div class="missing"><p>${words.case.missing}</p><${Unsaid} conversation=${open.mine} /></div>`
        : html`${open.chats ? html`<${Conversing} desk=${desk} open=${open} />` : html`<div class="scroll">${open.trouble ? html`<${Trouble} text=${open.trouble} />` : html`<${Loading} />`}</div>`}
          <${Reply} desk=${desk} open=${open} />`}
    </div>
    ${panel && !open.isMissing && html`<${Panel} key=${open.memberId} desk=${desk} open=${open} />`}
    ${desk.dialog === "close" && html`<${CloseDialog} desk=${desk} open=${open} />`}
    ${desk.dialog === "link" && html`<${LinkDialog} desk=${desk} open=${open} />`}
    ${desk.dialog === "assign" && html`<${AssignDialog} desk=${desk} open=${open} />`}
  </section>`;
}

/** Whose chat it is, and what can be done with it. @param {Props} props */
function CaseHead({ desk, open }) {
  const { panel } = desk.place, { owner } = open;
  const { trouble, attempt } = useTry(desk);
  const nothing = async () => {
    await open.nothing();
    if (desk.place.view === "inbox") desk.goOn(open);
  };
  return html`<header class="case-head">
    <${Link} desk=${desk} to=${{ memberId: "", panel: false }} class="back"><${Icon} name="back" /><span class="hidden">${words.case.back}</span></${Link}>
    <${Face} name=${open.member.displayName} />
    <div class="whose"><h2 id="case-title" tabindex="-1"><bdi>${open.member.displayName}</bdi></h2>
      <p>${open.program.name}${owner && !isMine(desk, owner) && html` · <bdi>${owner.displayName}</bdi>`}</p></div>
    <div class="acts">
      ${open.canAct && owner && isOthers(desk, owner) && html`<button type="button" data-key="c" onClick=${() => attempt(() => open.claim(owner))}>${words.case.claim}</button>`}
      ${open.isWaiting && open.canAct && html`<button type="button" class="quiet" data-key="n" onClick=${() => attempt(nothing)}>${words.case.nothing}</button>`}
      ${open.canAct && html`<button type="button" class="quiet" data-key="a" onClick=${() => desk.show("assign")}>${words.case.assign}</button>`}
      ${!open.isMissing && html`<button type="button" class="quiet" aria-expanded=${panel} onClick=${() => desk.go({ panel: !panel })}>${words.panel.title}</button>`}
    </div>
    <${Trouble} text=${trouble} />
  </header>`;
}

/** @param {Props} props */
function Conversing({ desk, open }) {
  const { shown, thread, request } = open, { messages, read } = shown;
  const { list, isBelow, toEnd } = useSight(shown);
  const mine = messages.findLast(({ author }) => author.isMe);
  const seen = messages.findLast(({ author, seq }) => author.role === "careManager" && seq <= read.member);
  const unreadFrom = messages.find(({ author, seq }) => author.role === "member" && seq > read.careManager)?.seq;
  return html`
    <div class="scroll" ref=${list}>
      ${request && html`<${RequestCard} key=${request.id} desk=${desk} open=${open} request=${request} />`}
      <${Threads} desk=${desk} open=${open} />
      <div class="log" role="log" aria-live="off" aria-label=${words.case.log(open.member.displayName)}>
        ${shown.hasOlder && html`<${Older} desk=${desk} conversation=${shown} />`}
        ${messages.length + shown.unsent.length === 0 ? html`<p class="first hint">${words.case.firstMessage(open.member.displayName)}</p>`
          : html`<ol class="messages" aria-label=${words.case.messages}>
            ${messages.map((message, i) => html`<${Bubble} key=${message.id} message=${message} words=${words}
              isFirstOfDay=${i === 0 || dayOf(message.sentAt) !== dayOf(messages[i - 1].sentAt)} today=${dayOf(new Date())}
              isFirstUnread=${message.seq === unreadFrom} state=${message === seen ? "seen" : message === mine ? "sent" : ""} />`)}
            ${shown.unsent.map((text) => html`<${UnsentBubble} key=${text.clientMessageId} host=${desk} conversation=${shown} unsent=${text} />`)}
          </ol>`}
        ${thread?.unreadByMemberSince && html`<p class="unread-by">${words.case.unreadSince(open.member.displayName, shortly(thread.unreadByMemberSince))}</p>`}
      </div>
      ${isBelow && html`<button type="button" class="below" onClick=${toEnd}><${Icon} name="down" />${words.talk.toNewest}</button>`}
    </div>`;
}

/** The chats of this person and program, where there are several, and their other programs in which something is to be done. @param {Props} props */
function Threads({ desk, open }) {
  const threads = open.threads.length > 1 ? open.threads : [], row = desk.work.held.row(open.memberId);
  const others = row && !row.isGone ? partsIn(row).filter(({ key }) => key !== open.key) : [];
  if (threads.length + others.length === 0) return null;
  return html`<nav class="threads-here" aria-label=${words.case.threads}>
    ${threads.map(({ id, careManager, unreadCount }) => html`<button key=${id} type="button" class="plain" aria-pressed=${open.thread?.id === id}
      onClick=${() => open.show(id)}>${careManager.id === desk.me?.id ? words.case.mine : words.case.threadOf(careManager.displayName)}
      ${unreadCount > 0 && html`<span class="mark new">${words.list.wrote(unreadCount)}</span>`}</button>`)}
    ${others.map(({ key, program, task, unread }) => html`<${Link} key=${key} desk=${desk} to=${{ programId: program.id, threadId: "" }}>${program.name}
      ${task && html` <span class="mark">${words.list.task}</span>`}${unread > 0 && html` <span class="mark new">${words.list.wrote(unread)}</span>`}</${Link}>`)}</nav>`;
}

/** Loads by itself when it comes near. @param {{desk: Desk, conversation: import("../common/conversation.js").Conversation}} props */
function Older({ desk, conversation }) {
  const top = useRef(/** @type {HTMLElement|null} */ (null));
  const older = () => conversation.older().catch((problem) => desk.fail(problem));
  useEffect(() => {
    const seeing = new IntersectionObserver(([entry]) => void (entry.isIntersecting && older()), { rootMargin: "400px 0px 0px" });
    if (top.current) seeing.observe(top.current);
    return () => seeing.disconnect();
  }, [conversation.messages[0]?.seq]);
  return html`<button type="button" class="quiet older" ref=${top} onClick=${older}>${words.case.older}</button>`;
}
