// The client of the API, alone, against a server that does what it is told.

import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import { afterEach, beforeEach, test } from "node:test";
import { CareChats, Problem, newKey, watch } from "../../functions/pages/client/client.js";
import { Conversation } from "../../functions/pages/common/conversation.js";

/** What the server was asked, in order. @type {{method: string, path: string, headers: http.IncomingHttpHeaders, body: any}[]} */
let asked;
/** What it does next: a function per call; the last one stays. @type {((answer: http.ServerResponse, call: typeof asked[0]) => void)[]} */
let script;
/** @type {http.Server} */
let server;
/** @type {CareChats} */
let client;

beforeEach(async () => {
  asked = [];
  script = [];
  server = http.createServer(async (request, answer) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const call = { method: request.method ?? "", path: request.url ?? "", headers: request.headers, body: body && JSON.parse(body) };
    asked.push(call);
    (script.length > 1 ? script.shift() : script[0])?.(answer, call);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  client = new CareChats({ token: "secret", base: `http://127.0.0.1:${port}/v1` });
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const says = (status, body, headers = {}) => (answer) => answer.writeHead(status, headers).end(body === undefined ? "" : JSON.stringify(body));
const hangsUp = (answer) => answer.destroy();
const problem = (status, code, more = {}, headers = {}) => says(status, { type: "about:blank", title: code, status, code, requestId: "r", ...more }, headers);

test("a message keeps its id over the client's retries and over one's own", async () => {
  script = [hangsUp, problem(503, "unavailable"), hangsUp, says(201, { id: "msg_1", seq: 1 })];
  const id = newKey();
  await assert.rejects(client.sendMessage("t1", "Hello", id), { status: 0, code: "offline" });
  assert.equal((await client.sendMessage("t1", "Hello", id)).seq, 1);
  assert.deepEqual(asked.map(({ body }) => body), Array(4).fill({ clientMessageId: id, text: "Hello" }));
});

test("a request keeps its Idempotency-Key over the client's retries, and another request has another", async () => {
  script = [hangsUp, problem(503, "unavailable"), says(201, { id: "req_1" })];
  await client.requestChat({ programId: "p", reasonId: "r", comment: "c" });
  await client.requestChat({ programId: "p", reasonId: "r", comment: "c" });
  const keys = asked.map(({ headers }) => String(headers["idempotency-key"]));
  assert.match(keys[0], /^[A-Za-z0-9_-]{16,128}$/);
  assert.deepEqual(keys.slice(0, 3), Array(3).fill(keys[0]));
  assert.notEqual(keys[3], keys[0]);
});

test("what counts or sends something to somebody is not repeated", async () => {
  script = [hangsUp];
  await assert.rejects(client.logIn("link", "1970-02-03"), { code: "offline" });
  await assert.rejects(client.askForLink("ana@example.org"), { code: "offline" });
  assert.equal(asked.length, 2);
});

test("a refusal is a Problem with everything that it says, and is not repeated", async () => {
  script = [problem(422, "validation-failed", { detail: "Too long.", errors: [{ pointer: "/text", code: "too-long", detail: "Too long." }] })];
  const refused = await client.sendMessage("t1", "x").catch((error) => error);
  assert(refused instanceof Problem);
  assert.deepEqual([refused.status, refused.code, refused.detail, refused.requestId], [422, "validation-failed", "Too long.", "r"]);
  assert.equal(refused.errors[0].pointer, "/text");
  assert.equal(asked.length, 1);
});

test("a refusal by what stands before the API is a Problem too", async () => {
  script = [(answer) => answer.writeHead(429, { "Retry-After": "60" }).end("<html>slow down</html>")];
  await assert.rejects(client.getChats(), { status: 429, code: "", retryAfter: 60 });
});

test("a log-in page of somebody else is no answer", async () => {
  script = [(answer) => answer.writeHead(200).end("<html>Welcome to the hotel</html>")];
  await assert.rejects(client.getChats(), { status: 0, code: "offline" });
});

test("what did not change is asked for with its ETag and given as the same object", async () => {
  const unchanged = says(304, undefined, { ETag: '"1"', "Poll-After": "30" });
  script = [says(200, { threads: [] }, { ETag: '"1"', "Poll-After": "4" }), unchanged, says(200, { threads: [1] }, { ETag: '"2"' })];
  const [first, second, third] = [await client.getChats(), await client.getChats(), await client.getChats()];
  assert.equal(second.body, first.body);
  assert.notEqual(third.body, first.body);
  assert.deepEqual([first.pollAfter, second.pollAfter, third.pollAfter], [4, 30, 10]);
  assert.deepEqual(asked.map(({ headers }) => headers["if-none-match"]), [undefined, '"1"', '"1"']);
});

test("logging in takes the new token, logging out forgets it and what was read", async () => {
  script = [says(200, {}, { ETag: '"1"' }), says(201, { token: "new" }), says(200, {}, { ETag: '"1"' }), says(204), says(200, {})];
  await client.getChats();
  await client.logIn("link", "1970-02-03");
  await client.getChats();
  await client.logOut();
  await client.getChats();
  assert.deepEqual(asked.map(({ headers }) => headers.authorization), ["Bearer secret", "Bearer secret", "Bearer new", "Bearer new", undefined]);
  assert.equal(asked[2].headers["if-none-match"], undefined);
});

/** Answers when it is let: `come` resolves once it was asked, and `says` the answer. */
function later() {
  let asks, says;
  const come = new Promise((resolve) => (asks = resolve)), go = new Promise((resolve) => (says = resolve));
  return { come, says, answer: async (answer, call) => (asks(), (await go)(answer, call)) };
}

test("what answers when another session is in use is nobody's: a late 401 does not end that session", async () => {
  for (const outcome of [problem(401, "session-expired"), says(200, { threads: ["another's"] }), hangsUp]) {
    const slow = later();
    script = [slow.answer, says(201, { token: "new" }), says(200, { threads: [] }, { ETag: '"1"' })];
    const late = assert.rejects(client.getChats(), { isLate: true });
    await slow.come;
    await client.logIn("link", "1970-02-03");
    slow.says(outcome);
    await late;
    assert.deepEqual((await client.getChats()).body, { threads: [] });
    await client.logOut();
  }
  script = [problem(401, "session-expired")];
  await assert.rejects(client.getChats(), { status: 401, isLate: false });
});

test("who logs out learns how that went", async () => {
  script = [problem(500, "internal")];
  await assert.rejects(client.logOut(), { status: 500, isLate: false });
});

test("watch goes on over a log-in", async () => {
  const slow = later();
  script = [slow.answer, says(201, { token: "new" }), says(200, { n: 2 })];
  const shown = new Promise((resolve, reject) => {
    const watching = watch(() => client.getUnread(), (body) => resolve((watching.stop(), body)), reject);
  });
  await slow.come;
  await client.logIn("link", "1970-02-03");
  slow.says(problem(401, "session-expired"));
  assert.deepEqual(await shown, { n: 2 });
});

test("ids and ranges are encoded", async () => {
  script = [says(200, { items: [] })];
  await client.listMessages("../me", { after: 0, limit: 5 });
  assert.equal(asked[0].path, "/v1/members/me/threads/..%2Fme/messages?after=0&limit=5");
});

test("watch waits as long as the server says, shows only what changed and stops when the session has ended", async () => {
  const soon = { "Poll-After": "0.01" };
  script = [
    says(200, { n: 1 }, { ETag: '"1"', ...soon }), says(304, undefined, soon), says(200, { n: 2 }, { ETag: '"2"', ...soon }), problem(401, "session-expired"),
  ];
  const shown = [];
  const failed = await new Promise((resolve) => watch(() => client.getUnread(), (body) => shown.push(body), resolve));
  assert.deepEqual(shown, [{ n: 1 }, { n: 2 }]);
  assert.equal(failed.code, "session-expired");
  assert.equal(asked.length, 4);
});

test("watch reads at once when asked to, and not at all once stopped", async () => {
  script = [says(200, { n: 1 }, { "Poll-After": "600" }), says(200, { n: 2 }, { "Poll-After": "600" })];
  const shown = [];
  await new Promise((resolve) => {
    const watching = watch(() => client.getUnread(), (body) => {
      shown.push(body);
      if (shown.length === 2) resolve(watching.stop());
      else queueMicrotask(watching.now);
    }, assert.fail);
  });
  assert.deepEqual(shown, [{ n: 1 }, { n: 2 }]);
});

/** A thread on the server: what it holds, in pages of 2. @param {any[]} stored */
function thread(stored) {
  return (answer, { method, path, body }) => {
    if (method === "POST") {
      if (!stored.some((m) => m.clientMessageId === body.clientMessageId)) stored.push(message(stored.length + 1, body.clientMessageId));
      return says(201, stored.find((m) => m.clientMessageId === body.clientMessageId))(answer);
    }
    const range = new URL(path, "http://x").searchParams;
    const after = Number(range.get("after") ?? -1), before = Number(range.get("before") ?? Infinity);
    const items = range.has("after") ? stored.filter((m) => m.seq > after).slice(0, 2) : stored.filter((m) => m.seq < before).slice(-2);
    says(200, { items, lastSeq: stored.length, read: { member: 0, careManager: 0 } })(answer);
  };
}

const message = (seq, clientMessageId) => ({ id: `msg_${seq}`, seq, text: `${seq}`, clientMessageId });
const seqs = (conversation) => conversation.messages.map(({ seq }) => seq);

test("a conversation has no gap, whatever came between two looks", async () => {
  const stored = [1, 2, 3].map((seq) => message(seq));
  script = [thread(stored)];
  const conversation = new Conversation(client, "t1");
  await conversation.newest();
  assert.deepEqual([seqs(conversation), conversation.hasOlder], [[2, 3], true]);
  stored.push(...[4, 5, 6, 7, 8].map((seq) => message(seq)));
  await conversation.newest();
  assert.deepEqual(seqs(conversation), [2, 3, 4, 5, 6, 7, 8]);
  await conversation.older();
  assert.deepEqual([seqs(conversation), conversation.hasOlder], [[1, 2, 3, 4, 5, 6, 7, 8], false]);
});

test("a text whose answer was lost stays unsent, keeps its id, and is there once after the next try", async () => {
  const stored = [message(1)];
  const server = thread(stored);
  const stores = (answer, call) => { server({ writeHead: () => ({ end() {} }) }, call); answer.destroy(); };
  script = [server, stores, stores, stores, server];
  const conversation = new Conversation(client, "t1");
  await conversation.newest();
  await conversation.send("2");
  assert.equal(conversation.unsent[0].state, "waiting");
  await conversation.resume();
  assert.deepEqual([seqs(conversation), conversation.unsent, stored.length], [[1, 2], [], 2]);
});

test("texts are sent one after the other, in the order in which they were written", async () => {
  const stored = [message(1)];
  script = [thread(stored)];
  const conversation = new Conversation(client, "t1");
  await Promise.all([conversation.send("a"), conversation.send("b"), conversation.send("c")]);
  assert.deepEqual(asked.map(({ body }) => body?.text).filter(Boolean), ["a", "b", "c"]);
  assert.deepEqual(seqs(conversation), [2, 3, 4]);
});

test("a text does not overtake one that was written before it and is not sent yet", async () => {
  const stored = [message(1)];
  const server = thread(stored);
  script = [server, hangsUp, hangsUp, hangsUp, server];
  const conversation = new Conversation(client, "t1");
  await conversation.newest();
  await Promise.all([conversation.send("2"), conversation.send("3")]);
  assert.deepEqual(conversation.unsent.map(({ text, state }) => [text, state]), [["2", "waiting"], ["3", "waiting"]]);
  const keys = conversation.unsent.map(({ clientMessageId }) => clientMessageId);
  await conversation.resume();
  assert.deepEqual([seqs(conversation), stored.map(({ clientMessageId }) => clientMessageId)], [[1, 2, 3], [undefined, ...keys]]);
});

test("what is not sent outlives the page that wrote it, with its id", async () => {
  const stored = [message(1)];
  let kept = { draft: "", unsent: [] };
  const keeper = { load: () => kept, save: (now) => (kept = now) };
  script = [hangsUp];
  const before = new Conversation(client, "t1", keeper);
  before.draft = "half";
  await before.send("2");
  script = [thread(stored)];
  const after = new Conversation(client, "t1", keeper);
  assert.deepEqual([after.draft, after.unsent.map(({ text }) => text)], ["half", ["2"]]);
  await after.resume();
  assert.deepEqual([stored[1].clientMessageId, kept.unsent, after.unsent], [before.unsent[0].clientMessageId, [], []]);
});
