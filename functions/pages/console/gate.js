// Nobody is signed in.

import { Icon, Trouble } from "../common/parts.js";
import { html } from "../common/vendor/preact-htm.js";
import { languages, words } from "./words.js";

/** @param {{desk: import("./desk.js").Desk}} props */
export function GateView({ desk }) {
  const { gate, issuers } = desk, said = gate?.said() ?? "";
  return html`<section class="card welcome">
    <p class="brand"><${Icon} name="chats" />${words.productName}</p>
    <h1 tabindex="-1">${words.gate.title}</h1>
    ${gate?.isTrouble ? html`<${Trouble} text=${said} />` : said && html`<p role="status" class="said">${said}</p>`}
    <p>${words.gate.intro}</p>
    <div class="sign-in">
      ${issuers.map((issuer) => html`<button key=${issuer.issuer} type="button" class="primary wide" onClick=${() => desk.signIn(issuer)}>
        ${issuers.length === 1 ? words.gate.signIn : words.gate.signInAt(issuer.name)}</button>`)}
      ${gate?.isTrouble && !issuers.length && html`<button type="button" class="primary wide" onClick=${() => desk.enter()}>${words.problems.tryAgain}</button>`}
    </div>
    <${Languages} desk=${desk} />
  </section>`;
}

/** The other languages, each by its own name. @param {{desk: import("./desk.js").Desk}} props */
export function Languages({ desk }) {
  return html`<div class="languages">${Object.entries(languages).filter(([, each]) => each !== words).map(([tag, { language }]) =>
    html`<button key=${tag} type="button" class="plain" lang=${tag} onClick=${() => desk.choose(tag)}>${language}</button>`)}</div>`;
}
