// The Chats screen: what was asked for, and the active chats.

import { watch } from "./client.js";
import { arrange, h, keeper } from "./dom.js";
import { confirmation, openRequestForm } from "./request.js";
import { words } from "./words.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./client.js").Chats} Chats */
/** @typedef {import("./client.js").Thread} Thread */

/** Shows the screen and keeps it true until the function that it returns is called. @param {App} app */
export function chatsView(app) {
  const keep = keeper();
  const title = h("h1", { tabindex: -1 }, words.chats);
  const screen = h("div", { class: "chats" }, title, h("p", {}, words.loading));
  const changed = () => watching.now();

  /** @param {Chats} chats */
  function show(chats) {
    app.showUnread(chats.unread);
    app.notice("");
    arrange(screen, [
      title,
      ...chats.requests.map((request) => keep(request.id, request, () => confirmation(app, request, changed))),
      keep("ask", [chats.canRequest, chats.requests], () => askButton(app, chats, changed)),
      ...(chats.paused.length ? [keep("paused", 0, () => h("p", { class: "note" }, words.list.paused))] : []),
      keep("threads", chats.threads, () => threadList(chats.threads)),
      keep("emergency", chats.emergency, () => h("p", { class: "emergency" }, chats.emergency)),
    ]);
  }

  app.show(screen);
  const watching = watch(() => app.client.chats(), show, app.fail);
  return watching.stop;
}

/** @param {App} app @param {Chats} chats @param {() => void} changed */
function askButton(app, { canRequest, requests }, changed) {
  if (!canRequest.allowed) return h("p", { class: "note" }, words.list[canRequest.reason ?? "noProgram"]);
  const open = () => openRequestForm(app, requests, changed).catch(app.fail);
  return h("p", {}, h("button", { type: "button", class: "primary", onclick: open }, words.request.open));
}

/** @param {Thread[]} threads */
function threadList(threads) {
  const list = threads.length ? h("ul", { class: "threads" }, ...threads.map(threadItem)) : h("p", { class: "note" }, words.list.none);
  return h("section", { "aria-labelledby": "active" }, h("h2", { id: "active" }, words.list.title), list);
}

/** @param {Thread} thread */
function threadItem({ id, careManager, program, lastMessage, unreadCount }) {
  return h("li", { class: unreadCount > 0 ? "unread" : "" },
    h("a", { href: `#/t/${encodeURIComponent(id)}` },
      h("strong", {}, careManager.displayName),
      h("time", { datetime: lastMessage.sentAt }, words.at(lastMessage.sentAt)),
      h("span", { class: "program" }, program.name),
      h("span", { class: "preview" }, lastMessage.author.isMe && `${words.list.you} `, h("bdi", {}, lastMessage.preview)),
      unreadCount > 0 && h("span", { class: "mark" }, words.unread(unreadCount))));
}
