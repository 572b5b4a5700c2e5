// The story of one request, told by the client that @hey-api/openapi-ts generates.
import assert from "node:assert/strict";
import * as care from "./care/sdk.gen.js";
import { createClient } from "./care/client/index.js";

const key = `hey-api-client-${Date.now()}`;

const connect = (variable: string) => createClient({ baseUrl: process.env.API, auth: process.env[variable] });
const member = { client: connect("MEMBER_TOKEN"), path: { memberId: "me" } };
const careManager = { client: connect("CARE_MANAGER_TOKEN"), path: { memberId: "ana" } };

/** The body of an answer that is no refusal. */
function body<T>({ data, error }: { data?: T; error?: unknown }): T {
  assert.equal(error, undefined);
  return data!;
}

const me = body(await care.getMe({ client: member.client }));
assert(me.kind === "member" && me.language);
const form = body(await care.getRequestForm(member));
body(await care.requestChat({
  ...member, headers: { "Idempotency-Key": key }, body: { programId: "diabetes", reasonId: form.reasons[0].id, comment: "My feet tingle." },
}));

const first = await care.getChats(member);
const [chat] = body(first).requests;
const again = await care.getChats({ ...member, headers: { "If-None-Match": first.response!.headers.get("etag")! } });
assert.equal(again.response!.status, 304);

const request = { ...member, path: { memberId: "me", requestId: chat.id } };
const changed = body(await care.changeReason({ ...request, headers: { "If-Match": `"${chat.version}"` }, body: { reasonId: "medication" } }));
assert.equal(changed.reason.id, "medication");

const isListed = async () => body(await care.listTasks({ client: careManager.client })).items.some(({ id }) => id === chat.id);
for (let tries = 0; !(await isListed()); tries++) assert(tries < 1000, "the task is not listed"); // a list of work may trail a moment
body(await care.startThread({ ...careManager, body: { programId: "diabetes", clientMessageId: key, text: "Hello Ana" } }));

const screen = body(await care.getChats(member));
assert(screen.unread.hasUnread);
const thread = { ...member, path: { memberId: "me", threadId: screen.threads[0].id } };
const page = body(await care.listMessages(thread));
assert.equal(body(await care.markRead({ ...thread, body: { seq: page.lastSeq } })).unreadCount, 0);
assert(body(await care.sendMessage({ ...thread, body: { clientMessageId: key, text: "Thank you" } })).author.isMe);

const closed = body(await care.closeChatRequest({
  ...careManager, path: { memberId: "ana", requestId: chat.id }, body: { outcome: "answered" },
}));
assert.equal(closed.outcome, "answered");
const late = await care.cancelChatRequest(request);
assert(late.error && late.error.code === "request-closed" && late.error.current && "state" in late.error.current);
assert.equal(late.error.current.state, "closed");
console.log("the story is told");
