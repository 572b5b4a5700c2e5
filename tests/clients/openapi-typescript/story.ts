// The story of one request, told by openapi-fetch over the types that openapi-typescript generates.
import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { paths } from "./care.js";

const key = `openapi-typescript-${Date.now()}`;

const connect = (variable: string) =>
  createClient<paths>({ baseUrl: process.env.API, headers: { Authorization: `Bearer ${process.env[variable]}` } });
const member = connect("MEMBER_TOKEN"), careManager = connect("CARE_MANAGER_TOKEN");

/** The body of an answer that is no refusal. */
function body<T>({ data, error }: { data?: T; error?: { code: string } }): T {
  assert.equal(error, undefined);
  return data!;
}

const mine = { params: { path: { memberId: "me" } } };
const me = body(await member.GET("/v1/me"));
assert(me.kind === "member" && me.language);
const form = body(await member.GET("/v1/members/{memberId}/request-form", mine));
body(await member.POST("/v1/members/{memberId}/chat-requests", {
  params: { path: { memberId: "me" }, header: { "Idempotency-Key": key } },
  body: { programId: "diabetes", reasonId: form.reasons[0].id, comment: "My feet tingle." },
}));

const first = await member.GET("/v1/members/{memberId}/chats", mine);
const [chat] = body(first).requests;
const etag = first.response.headers.get("etag")!;
const again = await member.GET("/v1/members/{memberId}/chats", { params: { path: { memberId: "me" }, header: { "If-None-Match": etag } } });
assert.equal(again.response.status, 304);

const request = { memberId: "me", requestId: chat.id };
const changed = body(await member.PATCH("/v1/members/{memberId}/chat-requests/{requestId}", {
  params: { path: request, header: { "If-Match": `"${chat.version}"` } }, body: { reasonId: "medication" },
}));
assert.equal(changed.reason.id, "medication");

const isListed = async () => body(await careManager.GET("/v1/tasks")).items.some(({ id }) => id === chat.id);
for (let tries = 0; !(await isListed()); tries++) assert(tries < 1000, "the task is not listed"); // a list of work may trail a moment
body(await careManager.POST("/v1/members/{memberId}/threads", {
  params: { path: { memberId: "ana" } }, body: { programId: "diabetes", clientMessageId: key, text: "Hello Ana" },
}));

const screen = body(await member.GET("/v1/members/{memberId}/chats", mine));
assert(screen.unread.hasUnread);
const thread = { params: { path: { memberId: "me", threadId: screen.threads[0].id } } };
const page = body(await member.GET("/v1/members/{memberId}/threads/{threadId}/messages", thread));
const read = body(await member.PUT("/v1/members/{memberId}/threads/{threadId}/read", { ...thread, body: { seq: page.lastSeq } }));
assert.equal(read.unreadCount, 0);
const sent = body(await member.POST("/v1/members/{memberId}/threads/{threadId}/messages", { ...thread, body: { clientMessageId: key, text: "Thank you" } }));
assert(sent.author.isMe);

const closed = body(await careManager.POST("/v1/members/{memberId}/chat-requests/{requestId}/close", {
  params: { path: { memberId: "ana", requestId: chat.id } }, body: { outcome: "answered" },
}));
assert.equal(closed.outcome, "answered");
const late = await member.POST("/v1/members/{memberId}/chat-requests/{requestId}/cancel", { params: { path: request } });
assert(late.error?.code === "request-closed" && late.error.current && "state" in late.error.current);
assert.equal(late.error.current.state, "closed");
console.log("the story is told");
