// The list: a row for each person in a program, two lines each.

import { Icon, Loading, Trouble } from "../common/parts.js";
import { Component, html, useEffect, useRef } from "../common/vendor/preact-htm.js";
import { rowOf } from "./desk.js";
import { isCovered, isMine, isOthers } from "./owners.js";
import { Link } from "./rail.js";
import { groupOf, isLate, partsIn } from "./rows.js";
import { dueIn, span } from "./times.js";
import { CoverageView } from "./coverage.js";
import { useTry } from "./trying.js";
import { timeOf, words } from "./words.js";

/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {import("./held.js").ShownRow} ShownRow */

/** @param {{desk: Desk}} props */
export function ListView({ desk }) {
  const { view } = desk.place, { feed, held } = desk.work;
  if (view === "coverage") return html`<section class="list wide-list"><${CoverageView} desk=${desk} /></section>`;
  return html`<section class="list" aria-label=${words.views[view]}>
    ${view === "inbox" && html`<${Lists} desk=${desk} />`}
    ${view === "caseload" && html`<${Find} desk=${desk} />`}
    <div class="above" role="status">
      ${held.fresh > 0 && html`<p class="fresh"><span>${words.list.fresh(held.fresh)}</span>
        <button type="button" onClick=${() => desk.work.release()}>${words.list.show}</button></p>`}
      ${feed?.trouble && feed.asOf && html`<p class="as-of">${words.list.asOf(timeOf(feed.asOf))}</p>`}
    </div>
    <div class="rows">${!feed?.isKnown ? feed?.trouble ? html`<${Trouble} text=${feed.trouble} />` : html`<${Loading} />`
      : held.shown.length === 0 ? html`<p class="empty">${view === "caseload" && desk.place.text ? words.list.empty.find : words.list.empty[view === "inbox" ? desk.place.list : view]}</p>`
      : html`<${Groups} desk=${desk} />`}
      ${feed?.hasMore && html`<${More} key=${feed.items.length} desk=${desk} />`}</div>
  </section>`;
}

/** @param {{desk: Desk}} props */
function Groups({ desk }) {
  const { shown } = desk.work.held, now = new Date(), minute = Math.floor(now.getTime() / 60_000);
  const draw = (/** @type {ShownRow} */ row) => html`<${RowView} key=${row.member.id} desk=${desk} row=${row} isOpen=${desk.open?.memberId === row.member.id} minute=${minute}
    written=${JSON.stringify(desk.writtenTo(row))} words=${words} me=${desk.me} />`;
  if (desk.place.view !== "queue") return html`<ul>${shown.map(draw)}</ul>`;
  return html`${/** @type {const} */ (["late", "today", "later"]).map((group) => {
    const rows = shown.filter((row) => groupOf(row, now) === group);
    return rows.length > 0 && html`<section key=${group} class=${`group ${group}`} aria-labelledby=${`group-${group}`}>
      <h2 id=${`group-${group}`}>${words.list.groups[group]} <span>${rows.filter(({ isGone }) => !isGone).length}</span></h2>
      <ul>${rows.map(draw)}</ul></section>`;
  })}`;
}

/** A list may have hundreds of rows, so each is drawn again only when it changed, or what it says of the time. @typedef {{desk: Desk, row: ShownRow, isOpen: boolean, minute: number, written: string, words: object, me: object}} RowProps */
class RowView extends Component {
  /** @param {RowProps} next */
  shouldComponentUpdate(next) {
    const props = /** @type {RowProps} */ (this.props);
    return Object.keys(next).some((name) => next[/** @type {keyof RowProps} */ (name)] !== props[/** @type {keyof RowProps} */ (name)]);
  }

  /** @param {RowProps} props */
  render({ desk, row, isOpen }) {
    return drawRow(desk, row, isOpen);
  }
}

/** @param {Desk} desk @param {ShownRow} row @param {boolean} isOpen */
function drawRow(desk, row, isOpen) {
  const { member, program, task, isGone } = row, isUnread = !isGone && partsIn(row).some(({ unread }) => unread > 0);
  const late = desk.place.view === "inbox" ? row.isLate : task && isLate(task);
  return html`<li data-row=${member.id} class=${`row ${isGone ? "gone" : ""} ${isUnread ? "unread" : ""} ${isOpen ? "open" : ""}`}>
    <${Link} desk=${desk} to=${{ memberId: member.id, programId: program.id, threadId: "" }} current=${isOpen ? "true" : "false"}>
      <span class="line"><span class="who"><bdi class="name">${member.displayName}</bdi> <span class="program">${program.name}</span></span>
      <span class=${`when ${late && !isGone ? "late" : ""}`}>${isGone ? row.act ? words.list.acts[row.act] : words.list.gone : whenOf(desk, row)}</span></span>
      <span class="line"><span class="said" dir="auto">${said(row, desk.place.view === "inbox")}</span>
        <${Marks} desk=${desk} row=${row} /></span>
    </${Link}>
    <${Claim} desk=${desk} row=${row} />
  </li>`;
}

/** @param {Desk} desk @param {ShownRow} row */
function whenOf(desk, { task, since }) {
  if (desk.place.view === "inbox" && since) return (desk.place.list === "waiting" ? words.list.waits : words.list.unread)(span(since));
  if (task) return dueIn(task.dueAt, isLate(task));
  return since ? words.list.waits(span(since)) : "";
}

/** Their own words, so that nothing need be opened to know: what they asked, or in the inbox what they wrote last. @param {ShownRow} row @param {boolean} isInbox */
function said({ task, threads }, isInbox) {
  const last = threads[0]?.lastMessage;
  if (task?.excerpt && !(isInbox && last)) return html`<q>${task.excerpt}</q> <span class="reason">${task.reason.label}</span>`;
  if (task && !last) return html`<span class="reason">${task.reason.label}</span>`;
  if (last?.author.role === "careManager") return html`${last.author.displayName}: <q>${last.preview}</q>`;
  return last && html`<q>${last.preview}</q>`;
}

/** What else there is to know of a row. @param {{desk: Desk, row: ShownRow}} props */
function Marks({ desk, row }) {
  const { owner, task, unread, paused, isGone, also } = row, { draft, unsent } = desk.writtenTo(row);
  const { view } = desk.place, late = task && !isGone && isLate(task);
  return html`<span class="marks">
    ${unread > 0 && html`<span class="mark new">${words.list.wrote(unread)}</span>`}
    ${view === "inbox" && task && html`<span class=${`mark ${late ? "late" : ""}`}>${words.list.task}${late && `, ${dueIn(task.dueAt, true)}`}</span>`}
    ${owner && !isMine(desk, owner) && html`<span class="mark owner">${isCovered(desk, owner) ? words.list.forColleague(owner.displayName) : owner.displayName}</span>`}
    ${also.map((part) => html`<span key=${part.key} class=${`mark ${part.unread > 0 ? "new" : ""}`}>+ ${part.program.name}${part.unread > 0 && html`<span class="hidden">, ${words.list.wrote(part.unread)}</span>`}</span>`)}
    ${unsent ? html`<span class="mark late">${words.list.unsent}</span>` : draft && html`<span class="mark">${words.list.draft}</span>`}
    ${view === "caseload" && paused && html`<span class="mark">${words.list.paused}</span>`}
  </span>`;
}

/** What a department has may be taken, and what is late with a colleague of it. @param {Desk} desk @param {ShownRow} row */
function canClaim(desk, { owner, task, isGone, isLate: isWaitingLate }) {
  if (!owner || isGone || !isOthers(desk, owner)) return false;
  return owner.kind === "department" || isWaitingLate || task !== undefined && isLate(task);
}

/** Who was faster stands where the button was. @param {{desk: Desk, row: ShownRow}} props */
function Claim({ desk, row }) {
  const { member, program, owner } = row, can = canClaim(desk, row);
  const { trouble, attempt } = useTry(desk);
  const claim = () => {
    rowOf(member.id)?.focus(); // the button goes, and what has the focus holds the list
    if (owner) attempt(() => desk.case(member.id, program.id).claim(owner));
  };
  if (!can && !trouble) return null;
  return html`<div class="claim">
    ${can && html`<button type="button" aria-label=${words.list.claimOf(member.displayName)} onClick=${claim}>${words.list.claim}</button>`}
    <${Trouble} text=${trouble} /></div>`;
}

/** The inbox's two lists. @param {{desk: Desk}} props */
function Lists({ desk }) {
  return html`<div class="lists" role="group" aria-label=${words.list.lists.label}>
    ${/** @type {const} */ (["waiting", "unreadByMember"]).map((each) => html`<${Link} key=${each} desk=${desk} to=${{ list: each, memberId: "" }}
      current=${desk.place.list === each ? "true" : "false"}>${words.list.lists[each]}</${Link}>`)}</div>`;
}

/** Finds somebody in the whole caseload, so it reads what is still unread of it. @param {{desk: Desk}} props */
function Find({ desk }) {
  const { text } = desk.place;
  useEffect(() => {
    if (text && desk.work.feed?.hasMore) desk.work.more().catch((problem) => desk.fail(problem));
  }, [text, desk.work.feed?.items.length]);
  return html`<div class="find"><label class="hidden" for="find">${words.list.find}</label>
    <input id="find" type="search" autocomplete="off" placeholder=${words.list.find} value=${text}
      onInput=${(/** @type {any} */ event) => desk.find(event.target.value)} /></div>`;
}

/** Loads by itself when it comes near; a button for whoever does not scroll. @param {{desk: Desk}} props */
function More({ desk }) {
  const end = useRef(/** @type {HTMLElement|null} */ (null));
  const more = () => desk.work.more().catch((problem) => desk.fail(problem));
  useEffect(() => {
    const seeing = new IntersectionObserver(([entry]) => void (entry.isIntersecting && more()), { rootMargin: "600px 0px" });
    if (end.current) seeing.observe(end.current);
    return () => seeing.disconnect();
  }, []);
  return html`<button type="button" class="quiet more" ref=${end} onClick=${more}><${Icon} name="down" />${words.list.more}</button>`;
}
