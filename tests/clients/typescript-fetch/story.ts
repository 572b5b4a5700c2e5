// The story of one request, told by the client that openapi-generator's typescript-fetch generates.
import assert from "node:assert/strict";
import { ChatsApi, Configuration, RequestsApi, ResponseError, SessionApi, ThreadsApi, WorkApi, ProblemFromJSON } from "./care/index.js";

const key = `typescript-fetch-${Date.now()}`;

const connect = (variable: string) => new Configuration({ basePath: process.env.API, accessToken: process.env[variable] });
const member = connect("MEMBER_TOKEN"), careManager = connect("CARE_MANAGER_TOKEN");
const requests = new RequestsApi(member), chats = new ChatsApi(member), threads = new ThreadsApi(member), work = new WorkApi(careManager);
const memberId = "me";

/** The refusal that a call ends with. */
async function refusal(call: Promise<unknown>) {
  const refused = await call.then(() => assert.fail("it is not refused"), (error: unknown) => error);
  assert(refused instanceof ResponseError);
  return refused.response;
}

const me = await new SessionApi(member).getMe();
assert(me.kind === "member" && me.language);
const form = await requests.getRequestForm({ memberId });
await requests.requestChat({
  memberId, idempotencyKey: key, chatRequestNew: { programId: "diabetes", reasonId: form.reasons[0].id, comment: "My feet tingle." },
});

const first = await chats.getChatsRaw({ memberId });
const [chat] = (await first.value()).requests;
assert.equal((await refusal(chats.getChats({ memberId, ifNoneMatch: first.raw.headers.get("etag")! }))).status, 304);

const requestId = chat.id;
const changed = await requests.changeReason({ memberId, requestId, ifMatch: `"${chat.version}"`, reasonChange: { reasonId: "medication" } });
assert.equal(changed.reason.id, "medication");

const isListed = async () => (await work.listTasks()).items.some(({ id }) => id === chat.id);
for (let tries = 0; !(await isListed()); tries++) assert(tries < 1000, "the task is not listed"); // a list of work may trail a moment
await new ThreadsApi(careManager).startThread({
  memberId: "ana", firstMessage: { programId: "diabetes", clientMessageId: key, text: "Hello Ana" },
});

const screen = await chats.getChats({ memberId });
assert(screen.unread.hasUnread);
const threadId = screen.threads[0].id;
const page = await threads.listMessages({ memberId, threadId });
assert.equal((await threads.markRead({ memberId, threadId, readUpTo: { seq: page.lastSeq } })).unreadCount, 0);
assert((await threads.sendMessage({ memberId, threadId, newMessage: { clientMessageId: key, text: "Thank you" } })).author.isMe);

assert.equal((await work.closeChatRequest({ memberId: "ana", requestId, closing: { outcome: "answered" } })).outcome, "answered");
const late = ProblemFromJSON(await (await refusal(requests.cancelChatRequest({ memberId, requestId }))).json());
assert(late.code === "request-closed" && late.current && "state" in late.current);
assert.equal(late.current.state, "closed");
console.log("the story is told");
