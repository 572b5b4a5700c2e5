// Where the console's window goes to sign in, without a browser.

import assert from "node:assert/strict";
import { test } from "node:test";

const provider = "https://id.example.org/harbor", read = [], gone = [];
Object.assign(globalThis, {
  location: { origin: "https://chats.example.org", search: "", assign: (address) => gone.push(new URL(address)) },
  fetch: async (address) => {
    read.push(address);
    return { ok: true, json: async () => ({ authorization_endpoint: `${provider}/authorize`, token_endpoint: `${provider}/token`, access_token: "t" }) };
  },
});
const oidc = await import("../../functions/pages/console/oidc.js");

/** Leaves for the provider and returns how it is asked to prompt. */
async function prompted(issuer, silent = false) {
  await oidc.leave(issuer, "/console", silent);
  return gone.at(-1).searchParams.get("prompt");
}

test("an issuer that ends in a slash is read where it is", async () => {
  await oidc.leave({ issuer: `${provider}/`, clientId: "c" }, "/console", false);
  assert.deepEqual(read, [`${provider}/.well-known/openid-configuration`]);
});

test("after signing out the provider asks anew, until somebody has signed in", async () => {
  const issuer = { issuer: provider, clientId: "c" };
  assert.equal(await prompted(issuer), null);
  assert.equal(await prompted(issuer, true), "none");
  oidc.askAnew();
  assert.equal(await prompted(issuer), "login");
  assert.equal(await prompted(issuer), "login", "whoever came back without signing in is asked again");
  location.search = `?code=c&state=${gone.at(-1).searchParams.get("state")}`;
  assert.ok((await oidc.arrive([issuer])).tokens);
  assert.equal(await prompted(issuer), null);
});
