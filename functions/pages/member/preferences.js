// Preferences: how one is told of new messages, when not, and for which programs not at all.

import { Emergency, Failed, Field, Icon, Loading, Trouble, useLoaded } from "../common/parts.js";
import { html, useState } from "../common/vendor/preact-htm.js";
import { words } from "./words.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("../client/types").Preferences} Preferences */
/** @typedef {import("../client/types").Channel} Channel */
/** @typedef {import("../client/types").Program} Program */

/** @param {{page: Page}} props */
export function PreferencesView({ page }) {
  const { value, trouble, again } = useLoaded(page, async () => {
    const [preferences, form] = await Promise.all([page.client.getPreferences(), page.client.getRequestForm()]);
    return { preferences, programs: form.programs };
  });
  return html`<div class="preferences"><h1 tabindex="-1">${words.preferences.title}</h1>
    ${trouble && html`<${Failed} text=${trouble} again=${again} />`}
    ${!trouble && !value && html`<${Loading} />`}
    ${value && html`<${Notices} page=${page} saved=${value.preferences} /><${Pauses} page=${page} programs=${value.programs} />
      <${Emergency} text=${page.chats?.emergency ?? ""} />`}
  </div>`;
}

/** Nothing was changed, tried or said. */
const untouched = { trouble: "", isSaved: false, isBusy: false, isChanged: false };

/** Channels and quiet hours, saved together. @param {{page: Page, saved: Preferences}} props */
function Notices({ page, saved }) {
  const [now, setNow] = useState(saved);
  const [outcome, setOutcome] = useState(untouched);
  const [quiet, setQuiet] = useState({ isOn: saved.quietHours !== undefined, from: "21:00", to: "08:00", ...saved.quietHours });
  const isWrong = outcome.trouble !== "" && whatIsWrong(quiet) !== "";

  /** What was said of the last try is no longer so. */
  const touch = () => setOutcome({ ...untouched, isChanged: true });
  /** @param {string} kind */
  const choose = (kind) => {
    touch();
    setNow({ ...now, channels: now.channels.map((each) => each.kind === kind ? { ...each, selected: !each.selected } : each) });
  };
  /** @param {Partial<typeof quiet>} change */
  const hush = (change) => {
    touch();
    setQuiet({ ...quiet, ...change });
  };

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    const trouble = whatIsWrong(quiet);
    setOutcome({ ...outcome, trouble, isBusy: !trouble });
    if (trouble) return;
    try {
      const channels = now.channels.filter(({ selected }) => selected).map(({ kind }) => kind);
      setNow(await page.client.putPreferences({ channels, quietHours: quiet.isOn ? { from: quiet.from, to: quiet.to } : undefined }));
      setOutcome({ ...untouched, isSaved: true });
    } catch (problem) {
      setOutcome({ ...untouched, trouble: page.describe(problem), isChanged: true });
      if (/** @type {any} */ (problem).status === 401) page.fail(problem);
    }
  }

  return html`<form class="card" novalidate onSubmit=${submit}>
    <fieldset><legend>${words.preferences.channels}</legend>
      <p class="hint">${words.preferences.channelsHint}</p>
      ${now.channels.map((channel) => html`<${ChannelChoice} key=${channel.kind} channel=${channel} choose=${choose} />`)}
    </fieldset>
    <fieldset><legend>${words.preferences.quiet}</legend>
      <p class="hint">${words.preferences.quietHint}</p>
      <${Check} id="quiet" checked=${quiet.isOn} onChange=${() => hush({ isOn: !quiet.isOn })}>${words.preferences.quietOn}</${Check}>
      ${quiet.isOn && html`<div class="times">
        <${Hour} id="from" label=${words.preferences.from} isWrong=${isWrong} value=${quiet.from} set=${(/** @type {string} */ from) => hush({ from })} />
        <${Hour} id="to" label=${words.preferences.to} isWrong=${isWrong} value=${quiet.to} set=${(/** @type {string} */ to) => hush({ to })} />
      </div>`}
    </fieldset>
    <div role="status">${!isReached(now) && html`<p class="note"><${Icon} name="warning" /><span>${words.preferences.warning}</span></p>`}
      ${outcome.isSaved && html`<p class="success"><${Icon} name="check" /><span>${words.preferences.saved}
        ${now.channels.some(isToConfirm) && ` ${words.preferences.savedToConfirm}`}</span></p>`}</div>
    <${Trouble} id="quiet-wrong" text=${outcome.trouble} />
    <div class=${outcome.isChanged ? "save changed" : "save"}>
      <button class="primary" disabled=${outcome.isBusy}>${outcome.isBusy ? words.preferences.saving : words.preferences.save}</button>
      <p role="status">${outcome.isChanged && words.preferences.unsaved}</p></div>
  </form>`;
}

/** @param {{id: string, checked: boolean, isOff?: boolean, describedBy?: string, onChange: () => void, children?: any}} props */
function Check({ id, checked, isOff = false, describedBy, onChange, children }) {
  return html`<label class="check" for=${id}>
    <input type="checkbox" id=${id} checked=${checked} disabled=${isOff} aria-describedby=${describedBy} onChange=${onChange} />
    <span>${children}</span></label>`;
}

/** @param {{id: string, label: string, isWrong: boolean, value: string, set: (value: string) => void}} props */
function Hour({ id, label, isWrong, value, set }) {
  return html`<${Field} id=${id} label=${label}>
    <input type="time" id=${id} value=${value} aria-invalid=${isWrong} aria-describedby=${isWrong ? "quiet-wrong" : undefined} onInput=${(/** @type {any} */ event) => set(event.target.value)} /></${Field}>`;
}

/** Whether a chosen channel works. @param {Preferences} preferences */
export const isReached = ({ channels }) => channels.some(({ selected, status }) => selected && status === "usable");

/** @param {Channel} channel */
const isToConfirm = ({ selected, status }) => selected && status === "unconfirmed";

/** A channel's true state, in words. @param {Channel} channel */
function stateOf({ kind, status }) {
  if (kind === "sms" && status === "missing") return words.preferences.missingPhone;
  return kind === "email" && status === "optedOut" ? words.preferences.unsubscribed : words.preferences.status[status];
}

/** How to mend a channel, in words: an email that asks to confirm is sent before it can be opened. @param {Channel} channel */
function fixOf({ status, fix }) {
  return fix && words.preferences.fixes[fix === "confirmEmail" && status === "optedOut" ? "subscribe" : fix];
}

/** A channel with its true state, and how to mend it. @param {{channel: Channel, choose: (kind: string) => void}} props */
function ChannelChoice({ channel, choose }) {
  const { kind, selected, status, address } = channel, fix = fixOf(channel);
  const isMissing = status === "missing" && !selected; // nothing that was lost: no alarm
  const look = status === "usable" ? "channel-state works" : isMissing ? "channel-state none" : "channel-state";
  return html`<div class="channel">
    <${Check} id=${kind} checked=${selected} isOff=${isMissing} describedBy=${`${kind}-state`} onChange=${() => choose(kind)}>
      <strong>${words.preferences.kinds[kind]}</strong> ${address && html`<bdi class="address">${address}</bdi>`}</${Check}>
    <p id=${`${kind}-state`} class=${look}>
      ${!isMissing && html`<${Icon} name=${status === "usable" ? "check" : "warning"} />`}<span>${stateOf(channel)}${fix && `. ${fix}`}</span></p>
  </div>`;
}

/** @param {{page: Page, programs: Program[]}} props */
function Pauses({ page, programs }) {
  return html`<section class="card" aria-labelledby="pause"><h2 id="pause">${words.preferences.pause}</h2>
    <p class="hint">${words.preferences.pauseHint}</p>
    ${programs.length ? html`<ul class="pauses">${programs.map((program) => html`<${Pause} key=${program.id} page=${page} program=${program} />`)}</ul>`
      : html`<p>${words.preferences.noPrograms}</p>`}
  </section>`;
}

/** Works at once. @param {{page: Page, program: Program}} props */
function Pause({ page, program }) {
  const [changed, setChanged] = useState(/** @type {boolean|undefined} */ (undefined));
  const [trouble, setTrouble] = useState("");
  const isPaused = changed ?? page.chats?.paused.includes(program.id) ?? false;
  const { on, off, pauseIt, resumeIt } = words.preferences;

  async function toggle() {
    setTrouble("");
    try {
      const { paused } = await page.client.pauseNotices(program.id, !isPaused);
      setChanged(paused);
      page.refresh();
    } catch (problem) {
      setTrouble(page.describe(problem));
      if (/** @type {any} */ (problem).status === 401) page.fail(problem);
    }
  }

  const action = isPaused ? resumeIt : pauseIt;
  return html`<li><div><strong>${program.name}</strong>
      <p role="status" class=${isPaused ? "channel-state" : "channel-state works"}>
        <${Icon} name=${isPaused ? "pause" : "check"} /><span>${isPaused ? off : on}</span></p>
      <${Trouble} text=${trouble} /></div>
    <button type="button" aria-label=${`${action}: ${program.name}`} onClick=${toggle}>${action}</button></li>`;
}

/** @param {{isOn: boolean, from: string, to: string}} quiet */
function whatIsWrong({ isOn, from, to }) {
  if (!isOn) return "";
  if (!from || !to) return words.preferences.quietMissing;
  return from === to ? words.preferences.quietSame : "";
}
