// The client of the API where there is no browser: Node, and React Native, which has few of a browser's globals.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { linkFor, newOrganization, url } from "./stack.mjs";

const missing = ["document", "navigator", "crypto", "localStorage", "sessionStorage", "addEventListener", "removeEventListener", "location"];
for (const name of missing) delete globalThis[name];
for (const name of ["timeout", "any"]) delete AbortSignal[name];
const { fetch } = globalThis;
globalThis.fetch = (address, init) => {
  assert.equal(typeof address, "string");
  assert.equal(init?.cache, undefined, "React Native's fetch would add a parameter to the address");
  return fetch(address, init);
};
const { CareChats, newKey } = await import("../../functions/pages/client/client.js");

/** Like React Native's AsyncStorage. */
class Storage {
  kept = new Map();
  async getItem(name) { return this.kept.get(name) ?? null; }
  async setItem(name, value) { this.kept.set(name, value); }
  async removeItem(name) { this.kept.delete(name); }
}

/** Something that a test turns on and off. */
class Signal {
  #on = true;
  looks = new Set();
  isOn() { return this.#on; }
  onChange(look) {
    this.looks.add(look);
    return () => this.looks.delete(look);
  }
  turn(on) {
    this.#on = on;
    for (const look of this.looks) look();
  }
}

test("the methods are the operations that a member may call, by their names", () => {
  const { paths } = JSON.parse(readFileSync(new URL("../../shared/api/openapi.json", import.meta.url), "utf8"));
  const all = Object.entries(paths).flatMap(([path, methods]) => path === "/v1/health" ? [] : Object.values(methods));
  const wanted = all.filter(({ operationId, "x-callers": callers }) => operationId && (!callers?.length || callers.includes("member")));
  const own = ["constructor", "watch", "whoseLink"]; // a link without a birth date is logIn's operation too
  const methods = Object.getOwnPropertyNames(CareChats.prototype).filter((name) => !own.includes(name));
  assert.deepEqual(methods.sort(), wanted.map(({ operationId }) => operationId).sort());
});

test("a key is never made twice, without crypto too", () => {
  const keys = Array.from({ length: 1000 }, newKey);
  assert.equal(new Set(keys).size, 1000);
  for (const key of keys) assert.match(key, /^[0-9a-f]{32}$/);
});

test("a member's whole story works without a browser, and the session outlives the app in the storage given", async () => {
  const lakeside = await newOrganization("sdk");
  const member = await lakeside.newMember();
  await lakeside.write(member, "Hello Ana");
  const link = (await linkFor(member.phone)).split("/").at(-1);
  const storage = new Storage();
  const base = `${url}/v1`;

  const first = new CareChats({ base, storage });
  await assert.rejects(first.getMe(), { status: 401 });
  await first.whoseLink(link); // costs no try
  assert.equal((await first.logIn(link, member.birthDate)).landing.kind, "thread");

  const client = new CareChats({ base, storage });
  assert.equal((await client.getMe()).id, member.id);
  const { body: { threads: [thread], unread } } = await client.getChats();
  assert.equal(unread.messages, 1);
  const { body: { items: [hello], lastSeq } } = await client.listMessages(thread.id, { limit: 5 });
  assert.equal(hello.text, "Hello Ana");
  assert.equal((await client.markRead(thread.id, lastSeq)).unreadCount, 0);
  assert.equal((await client.sendMessage(thread.id, "Hello")).seq, 2);
  const form = await client.getRequestForm("diabetes");
  const request = await client.requestChat({ programId: "diabetes", reasonId: form.reasons[0].id, comment: "My feet tingle." });
  assert.equal((await client.changeReason(request.id, form.reasons[1].id)).reason.id, form.reasons[1].id);
  assert.equal((await client.cancelChatRequest(request.id)).state, "cancelled");
  assert.equal((await client.getChatRequest(request.id)).state, "cancelled");
  assert.equal((await client.listThreads("active")).body.items.length, 1);
  assert.equal((await client.listThreads("inactive")).body.items.length, 0);
  assert.equal((await client.getUnread()).body.hasUnread, false);
  const { channels } = await client.getPreferences();
  const kinds = channels.filter(({ selected }) => selected).map(({ kind }) => kind);
  assert((await client.putPreferences({ channels: kinds, quietHours: { from: "22:00", to: "07:00" } })).quietHours);
  assert.equal((await client.pauseNotices("diabetes", true)).paused, true);

  await client.logOut();
  assert.equal(storage.kept.size, 0);
  await assert.rejects(new CareChats({ base, storage }).getMe(), { status: 401 });
});

test("a watch rests while the app is not in sight, and looks when it or the network is back", async () => {
  const visible = new Signal(), online = new Signal();
  const client = new CareChats({ base: "http://127.0.0.1:9/v1", visible, online });
  let reads = 0, told = () => {};
  const read = async () => ({ body: ++reads, pollAfter: 600 });
  const shown = () => new Promise((resolve) => (told = resolve));
  const begun = shown();
  const watching = client.watch(read, (body) => told(body), assert.fail);
  assert.equal(await begun, 1);
  visible.turn(false);
  online.turn(true);
  const back = shown();
  visible.turn(true);
  assert.equal(await back, 2);
  const again = shown();
  online.turn(true);
  assert.equal(await again, 3);
  watching.stop();
  assert.deepEqual([visible.looks.size, online.looks.size], [0, 0]);
});
