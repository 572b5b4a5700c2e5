// One chat: its messages and the box to write in.

import { watch } from "./client.js";
import { arrange, codePoints, h, keeper } from "./dom.js";
import { words } from "./words.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./client.js").Message} Message */
/** @typedef {import("./client.js").MessagePage} MessagePage */
/** @typedef {import("./conversation.js").Unsent} Unsent */

const mostCodePoints = 4000;

/** Shows a thread and keeps it true until the function that it returns is called. @param {App} app @param {string} threadId */
export function threadView(app, threadId) {
  const conversation = app.conversation(threadId);
  const keep = keeper();
  const name = h("h1", { tabindex: -1 }, words.loading);
  const about = h("p", { class: "hint" });
  const older = h("button", { type: "button", class: "quiet", hidden: true, onclick: () => showOlder().catch(app.fail) }, words.thread.older);
  const list = h("ol", { class: "messages", "aria-label": words.thread.messages });
  const readOnly = h("p", { class: "note", hidden: true });
  const composer = box(conversation.draft, (text) => conversation.send(text).then(afterSending), (text) => (conversation.draft = text));
  let announced = 0, marked = 0;

  /** @param {MessagePage} page */
  function show({ thread }) {
    app.notice("");
    name.textContent = thread.careManager.displayName;
    about.textContent = [thread.program.name, thread.careManager.cover && words.thread.cover(thread.careManager.cover)].filter(Boolean).join(" · ");
    composer.hidden = !thread.canReply.allowed;
    readOnly.hidden = thread.canReply.allowed;
    readOnly.textContent = words.thread.readOnly[thread.canReply.reason ?? "notYours"];
    const isFirst = announced === 0;
    draw();
    if (isFirst) scrollTo(0, document.body.scrollHeight);
    announce();
    markRead().catch(app.fail);
  }

  function draw() {
    const { messages, unsent, read, hasOlder } = conversation;
    const atEnd = innerHeight + scrollY >= document.body.scrollHeight - 80;
    const seen = messages.findLast((message) => message.author.isMe && message.seq <= read.careManager);
    older.hidden = !hasOlder;
    arrange(list, [
      ...messages.map((message) => keep(message.id, [message, message === seen], () => messageItem(message, message === seen))),
      ...unsent.map((text) => keep(text.clientMessageId, text, () => unsentItem(text, () => conversation.retry(text).then(afterSending)))),
    ]);
    if (atEnd) scrollTo(0, document.body.scrollHeight);
  }

  async function showOlder() {
    const height = document.body.scrollHeight;
    await conversation.older();
    draw();
    scrollBy(0, document.body.scrollHeight - height);
  }

  /** A text that was refused because the thread or the session ended shows why; the poll tells the rest. */
  function afterSending() {
    const refused = conversation.unsent.find(({ problem, state }) => state === "failed" && problem && problem.status !== 0);
    if (refused?.problem) app.fail(refused.problem);
    watching.now();
  }

  /** Says what the other side wrote since the last look; history is not read out. */
  function announce() {
    const fresh = conversation.messages.filter((message) => announced > 0 && message.seq > announced && !message.author.isMe);
    if (fresh.length > 0) app.say(fresh.map(({ author, text }) => `${author.displayName}: ${text}`).join("\n"));
    announced = conversation.messages.at(-1)?.seq ?? 0;
  }

  async function markRead() {
    const last = conversation.messages.at(-1)?.seq ?? 0;
    if (last <= Math.max(marked, conversation.read.member)) return;
    marked = last;
    await app.client.markRead(threadId, last);
    dot.now();
  }

  app.show(h("div", { class: "thread" },
    h("header", {}, h("a", { href: "#/", class: "back" }, words.thread.back), name, about), older, list, readOnly, composer));
  conversation.changed = draw;
  const watching = watch(() => conversation.newest(), show, (problem) => problem.status === 404 ? missing(app) : app.fail(problem));
  const dot = watch(() => app.client.unread(), app.showUnread, app.fail);
  return () => {
    conversation.changed = () => {};
    watching.stop();
    dot.stop();
  };
}

/** @param {App} app */
function missing(app) {
  app.show(h("section", { class: "card" }, h("h1", { tabindex: -1 }, words.thread.missing), h("a", { href: "#/" }, words.thread.back)));
}

/** The box to write in. @param {string} draft @param {(text: string) => void} send @param {(text: string) => void} typed */
function box(draft, send, typed) {
  const text = h("textarea", { id: "message", rows: 2, dir: "auto", "aria-describedby": "message-hint" });
  const hint = h("p", { id: "message-hint" });
  const button = h("button", { class: "primary" }, words.thread.send);
  const form = h("form", { class: "composer" }, h("label", { for: "message" }, words.thread.message), h("div", { class: "row" }, text, button), hint);

  function check() {
    const count = codePoints(text.value.trim());
    button.disabled = count === 0 || count > mostCodePoints;
    hint.className = count > mostCodePoints ? "error" : "hint keys";
    hint.textContent = count > mostCodePoints ? words.thread.tooLong(count, mostCodePoints) : words.thread.hint;
    typed(text.value);
  }

  text.value = draft;
  text.addEventListener("input", check);
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit(button.disabled ? undefined : button);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (button.disabled) return;
    send(text.value);
    text.value = "";
    check();
    text.focus();
  });
  check();
  return form;
}

/** @param {Message} message @param {boolean} isSeen  The last one of one's own that the other side has read. */
function messageItem({ author, text, sentAt }, isSeen) {
  return h("li", { class: author.isMe ? "mine" : "theirs" },
    h("p", { class: "meta" }, h("strong", {}, author.isMe ? words.thread.you : author.displayName), " ",
      h("time", { datetime: sentAt, title: words.moment(sentAt) }, words.at(sentAt))),
    h("p", { class: "written", dir: "auto" }, text),
    isSeen && h("p", { class: "meta" }, words.thread.seen));
}

/** @param {Unsent} unsent @param {() => void} retry */
function unsentItem({ text, state }, retry) {
  return h("li", { class: "mine unsent" },
    h("p", { class: "meta" }, h("strong", {}, words.thread.you)),
    h("p", { class: "written", dir: "auto" }, text),
    state === "sending" ? h("p", { class: "meta" }, words.thread.sending)
      : h("button", { type: "button", class: "retry", onclick: retry }, words.thread.failed));
}
