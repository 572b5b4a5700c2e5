// Everything else about a person: their programs, their other chats, how they are told of messages, and what became of it.

import { Trouble } from "../common/parts.js";
import { html } from "../common/vendor/preact-htm.js";
import { usePolled } from "./polled.js";
import { Link } from "./rail.js";
import { useTry } from "./trying.js";
import { moment, shortDate, words } from "./words.js";

/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {import("./case.js").Case} Case */
/** @typedef {{desk: Desk, open: Case}} Props */

/** @param {Props} props */
export function Panel({ desk, open }) {
  return html`<aside class="panel" aria-label=${words.panel.title}>
    <header><h3>${words.panel.title}</h3>
      <button type="button" class="plain" onClick=${() => desk.go({ panel: false })}>${words.close}</button></header>
    <${Programs} desk=${desk} open=${open} />
    <${OtherThreads} desk=${desk} open=${open} />
    <${Channels} desk=${desk} open=${open} />
    <${Log} desk=${desk} open=${open} />
  </aside>`;
}

/** Those in one's care with what can be done; the others by their name and their owner's alone. @param {Props} props */
function Programs({ desk, open }) {
  const { chats } = open;
  return html`<section><h4>${words.panel.programs}</h4><ul class="facts">
    ${chats?.programs?.map(({ program, owner, paused, isYours }) => html`<li key=${program.id}>
      <p>${isYours ? html`<${Link} desk=${desk} to=${{ programId: program.id, threadId: "" }}>${program.name}</${Link}>` : program.name}</p>
      <p class="hint"><bdi>${owner.displayName}</bdi></p>
      ${isYours && html`<${Pause} desk=${desk} open=${open} programId=${program.id} paused=${paused ?? false} />`}</li>`)}
  </ul></section>`;
}

/** @param {Props & {programId: string, paused: boolean}} props */
function Pause({ desk, open, programId, paused }) {
  const { trouble, attempt } = useTry(desk);
  const change = () => attempt(() => desk.staff.pause(open.memberId, programId, !paused).then(() => open.refresh()));
  return html`<p class="hint">${paused ? words.panel.paused : words.panel.told}
    <button type="button" class="plain" onClick=${change}>${paused ? words.panel.resume : words.panel.pause}</button></p><${Trouble} text=${trouble} />`;
}

/** Chats in other programs, or those that ended: to read. @param {Props} props */
function OtherThreads({ desk, open }) {
  const others = [...(open.chats?.threads ?? []), ...open.past].filter(({ id }) => !open.threads.some((here) => here.id === id));
  if (others.length === 0) return null;
  return html`<section><h4>${words.panel.threads}</h4><ul class="facts">${others.map(({ id, program, careManager, state, updatedAt }) => html`<li key=${id}>
    <p><${Link} desk=${desk} to=${{ programId: program.id, threadId: id }}>${program.name}</${Link}></p>
    <p class="hint">${words.case.threadOf(careManager.displayName)} · ${state === "inactive" ? words.panel.ended : shortDate(updatedAt)}</p></li>`)}</ul></section>`;
}

/** @param {Props} props */
function Channels({ desk, open }) {
  const { value, trouble } = usePolled(desk, () => desk.staff.preferences(open.memberId));
  return html`<section><h4>${words.panel.channels}</h4>
    ${value ? html`<ul class="facts">${value.channels.map((channel) => html`<li key=${channel.kind}><p>${words.panel.kinds[channel.kind]}
        ${channel.address && html` <bdi class="hint">${channel.address}</bdi>`}</p>
      <p class=${`hint ${channel.selected && channel.status !== "usable" ? "bad" : ""}`}>${stateOf(channel)}</p></li>`)}</ul>` : html`<${Trouble} text=${trouble} />`}
    ${open.canAct && html`<button type="button" onClick=${() => desk.show("link")}>${words.panel.link}</button>`}
    <p role="status" class="hint">${open.linkSent && words.panel.linkSent}</p>
  </section>`;
}

/** Whether a notice would arrive, as it is. @param {import("../client/types").Channel & {since?: string}} channel */
function stateOf({ selected, status, since }) {
  if (status === "usable" && !selected) return words.panel.notChosen;
  return `${words.panel.status[status]}${since ? ` ${words.panel.since(shortDate(since))}` : ""}`;
}

/** What became of each notice, as sentences. @param {Props} props */
function Log({ desk, open }) {
  const { value, trouble } = usePolled(desk, () => desk.staff.notices(open.memberId));
  return html`<section><h4>${words.panel.log}</h4>
    ${value ? value.items.length ? html`<ol class="facts">${value.items.map((notice) => html`<li key=${notice.id}><p>${sentence(notice)}</p>
      <p class="hint">${moment(notice.at)}</p></li>`)}</ol>` : html`<p class="hint">${words.panel.noLog}</p>` : html`<${Trouble} text=${trouble} />`}
  </section>`;
}

/** @param {import("./staff.js").Notice} notice */
function sentence({ kind = "notice", channel, decision, rule, by }) {
  const how = channel ? words.panel.by[channel] : "", why = /** @type {Record<string, string>} */ (words.panel.rules)[rule] ?? rule;
  if (kind === "lock") return words.panel.locked;
  if (kind === "link") return decision === "sent" ? (by === "anyone" ? words.panel.linkAsked : words.panel.linkOut)(how) : words.panel.linkNot(how, why);
  if (decision === "sent") return rule === "reminder" ? words.panel.reminded(how) : words.panel.wasTold(how);
  return decision === "deferred" ? words.panel.deferred(how, why) : words.panel.notTold(how, why);
}
