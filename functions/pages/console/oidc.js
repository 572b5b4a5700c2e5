// Signing in at an identity provider by OpenID Connect: an authorization code with PKCE, in the window itself, without a frame. The
// tokens are in memory alone, so a reload signs in anew, which the provider's own session makes unnoticeable.

import { tab } from "../common/store.js";

/** @typedef {{name: string, issuer: string, clientId: string, scope?: string}} Issuer */
/** `until` is when to renew it. @typedef {{access: string, refresh?: string, until: number}} Tokens */
/** What the tab keeps while its window is at the provider. @typedef {{state: string, verifier: string, issuer: string, back: string}} Leaving */

const names = { leaving: "care-chats-console-leaving", issuer: "care-chats-console-issuer", signedOut: "care-chats-console-signed-out" };
const early = 60_000; // milliseconds before its end that a token is renewed

/** The provider refused. `code` is its own, such as "invalid_grant". */
export class Refusal extends Error {
  /** @param {string} code */
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/** @returns {Promise<Issuer[]>} */
export async function configured() {
  return (await json("/console/config.json")).issuers;
}

/** Where this tab signed in, until it signs out. */
export const issuerOfTab = () => tab.get(names.issuer);

export const forgetIssuer = () => tab.set(names.issuer, undefined);

/** The next sign-in in this tab asks who it is: the provider's own session outlives signing out here, and others may use the device. */
export const askAnew = () => tab.set(names.signedOut, "yes");

/** Goes to the provider, which comes back to /console. Where it is `silent`, nobody is asked. @param {Issuer} issuer @param {string} back @param {boolean} silent */
export async function leave({ issuer, clientId, scope = "openid offline_access" }, back, silent) {
  const { authorization_endpoint } = await discover(issuer);
  const leaving = { state: random(), verifier: random(), issuer, back };
  tab.set(names.leaving, JSON.stringify(leaving));
  const prompt = silent ? "none" : tab.get(names.signedOut) && "login";
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(leaving.verifier));
  location.assign(`${authorization_endpoint}?${new URLSearchParams({
    response_type: "code", client_id: clientId, redirect_uri: redirect(), scope, state: leaving.state,
    code_challenge: base64url(new Uint8Array(hash)), code_challenge_method: "S256", ...(prompt && { prompt }),
  })}`);
}

/**
 * What the provider sent back in the address: the tokens, and where to go on. Undefined if it sent nothing that this tab asked for.
 * @param {Issuer[]} issuers @returns {Promise<{tokens?: Tokens, back: string, issuer: Issuer, refusal?: string}|undefined>}
 */
export async function arrive(issuers) {
  const answer = new URLSearchParams(location.search);
  const leaving = /** @type {Leaving|null} */ (JSON.parse(tab.get(names.leaving) ?? "null"));
  tab.set(names.leaving, undefined);
  const issuer = issuers.find((each) => each.issuer === leaving?.issuer);
  if (!leaving || !issuer || answer.get("state") !== leaving.state) return undefined;
  const { back } = leaving, code = answer.get("code");
  if (!code) return { back, issuer, refusal: answer.get("error") ?? "" };
  const tokens = await ask(issuer, { grant_type: "authorization_code", code, redirect_uri: redirect(), code_verifier: leaving.verifier });
  tab.set(names.issuer, issuer.issuer);
  tab.set(names.signedOut, undefined);
  return { tokens, back, issuer };
}

/** New tokens for those that end. A {@link Refusal}: sign in again. @param {Issuer} issuer @param {Tokens} tokens */
export async function renew(issuer, { refresh }) {
  if (!refresh) throw new Refusal("no_refresh_token");
  return ask(issuer, { grant_type: "refresh_token", refresh_token: refresh }, refresh);
}

/** @param {Issuer} issuer @param {Record<string, string>} grant @param {string} [refresh]  To go on with where there is no new one. @returns {Promise<Tokens>} */
async function ask({ issuer, clientId }, grant, refresh) {
  const { token_endpoint } = await discover(issuer);
  const body = new URLSearchParams({ ...grant, client_id: clientId });
  const answer = await json(token_endpoint, { method: "POST", body });
  const life = (answer.expires_in ?? 3600) * 1000;
  return { access: answer.access_token, refresh: answer.refresh_token ?? refresh, until: Date.now() + Math.max(life - early, life / 2) };
}

/** @type {Map<string, Promise<any>>} */
const discovered = new Map();

/** @param {string} issuer */
function discover(issuer) {
  const found = discovered.get(issuer) ?? json(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`);
  discovered.set(issuer, found);
  found.catch(() => discovered.delete(issuer));
  return found;
}

/** @param {string} url @param {RequestInit} [init] */
async function json(url, init) {
  const answer = await fetch(url, { ...init, cache: "no-store", credentials: "omit" });
  const body = await answer.json();
  if (!answer.ok) throw new Refusal(body.error ?? String(answer.status));
  return body;
}

const redirect = () => `${location.origin}/console`;
const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

/** @param {Uint8Array} bytes */
const base64url = (bytes) => btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
