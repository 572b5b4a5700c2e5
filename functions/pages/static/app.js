// The member's page: who is logged in, which view is shown, and what all views share.

import { CareChats, Problem, watch } from "./client.js";
import { Conversation } from "./conversation.js";
import { h } from "./dom.js";
import { chatsView } from "./chats.js";
import { birthDateView, linkView } from "./login.js";
import { threadView } from "./thread.js";
import { words } from "./words.js";

/** @typedef {typeof app} App */

// The token lives as long as the tab, and so does the link, which lets in nobody without the birth date. Nothing else is stored.
const store = sessionStorage;
const tokenName = "care-chats-token";
const linkName = "care-chats-link";

/** What ends the view that is shown: its polling. */
let leave = () => {};
/** Whose conversations are in memory. */
let memberId = "";
/** @type {Map<string, Conversation>} */
const conversations = new Map();

const chatsLink = h("a", { href: "#/", class: "chats-link" }, words.chats, h("span", { class: "dot" }));
const who = h("span", { class: "who" });
const bar = h("header", { class: "bar", hidden: true },
  h("nav", { "aria-label": words.navigation }, chatsLink), who,
  h("button", { type: "button", class: "quiet", onclick: () => logOut() }, words.logOut));
const noticeLine = h("p", { class: "notice", role: "status" });
const spoken = h("p", { class: "hidden", "aria-live": "polite" });
const main = h("main");

/** What the views see of the page. */
const app = {
  client: new CareChats({ token: store.getItem(tokenName) ?? undefined }),
  /** The request that is being written: kept while its dialog is closed, with the key of the attempt. */
  draft: { comment: "", of: "", key: "" },

  /** @param {string} threadId */
  conversation(threadId) {
    const conversation = conversations.get(threadId) ?? new Conversation(app.client, threadId);
    conversations.set(threadId, conversation);
    return conversation;
  },

  /** @param {HTMLElement} view */
  show(view) {
    main.replaceChildren(view);
    view.querySelector("h1")?.focus({ preventScroll: true });
  },

  /** Says something to everybody, and only once. @param {string} text */
  say(text) {
    spoken.textContent = text;
  },

  /** A line above the view, until the next read works. @param {string} text */
  notice(text) {
    if (noticeLine.textContent !== text) noticeLine.textContent = text;
  },

  /** @param {import("./client.js").Unread} unread */
  showUnread({ hasUnread, messages }) {
    bar.classList.toggle("has-unread", hasUnread);
    chatsLink.setAttribute("aria-label", hasUnread ? `${words.chats}, ${words.unread(messages)}` : words.chats);
    document.title = hasUnread ? `${words.chats} (${words.unread(messages)})` : words.chats;
  },

  /** Exchanges the link for a session and goes where the link points. @param {string} link @param {string} birthDate */
  async begin(link, birthDate) {
    const { token, landing } = await app.client.logIn(link, birthDate);
    store.setItem(tokenName, token);
    store.setItem(linkName, link);
    if (location.hash === "") history.replaceState(null, "", landing.kind === "thread" ? `#/t/${landing.id}` : "#/");
    await enter();
  },

  /** @param {string} intro */
  askForLink(intro) {
    store.removeItem(linkName);
    leaveTo(() => linkView(app, intro));
  },

  /** In words; a session that has ended says so by itself. @param {unknown} problem */
  describe(problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (problem.status === 401) {
      ended();
      return "";
    }
    if (problem.status === 429) return problem.retryAfter ? words.problems.later(new Date(Date.now() + problem.retryAfter * 1000)) : words.problems.laterUnknown;
    const known = /** @type {Record<string, unknown>} */ (words.problems)[problem.code];
    return typeof known === "string" ? known : words.problems.other;
  },

  /** Shows above the view what went wrong while reading. @param {unknown} problem */
  fail(problem) {
    app.notice(problem instanceof Problem && problem.status === 0 ? words.problems.reconnecting : app.describe(problem));
  },
};

/** Reads who this is, then shows what the address asks for. */
async function enter() {
  const { id, displayName } = await app.client.me();
  if (id !== memberId) forget();
  memberId = id;
  who.textContent = displayName;
  bar.hidden = false;
  route();
}

/** Enters with the session of this tab, as soon as there is a connection. */
function resume() {
  const entering = async () => {
    await enter();
    return { body: true, pollAfter: 1 };
  };
  const watching = watch(entering, () => watching.stop(), app.fail);
}

/** The address decides what is shown; a link leaves the address bar at once. */
function route() {
  const link = /^#\/l\/([\w-]+)/.exec(location.hash)?.[1];
  if (link) {
    history.replaceState(null, "", location.pathname);
    return leaveTo(() => birthDateView(app, link, words.logIn.intro));
  }
  if (bar.hidden) return;
  const threadId = /^#\/t\/([\w-]+)/.exec(location.hash)?.[1];
  chatsLink.setAttribute("aria-current", threadId ? "false" : "page");
  leave();
  leave = threadId ? threadView(app, threadId) : chatsView(app);
}

/** Shows a view of somebody who is not logged in. @param {() => void} view */
function leaveTo(view) {
  leave();
  leave = () => {};
  bar.hidden = true;
  bar.classList.remove("has-unread");
  document.querySelectorAll("dialog").forEach((dialog) => dialog.close());
  document.title = words.productName;
  app.notice("");
  view();
}

/** Another member may follow in this tab. */
function forget() {
  conversations.clear();
  app.draft = { comment: "", of: "", key: "" };
}

/** The session is over. What was being written stays in memory for the same member. */
function ended() {
  if (!store.getItem(tokenName)) return; // several reads may find it out
  store.removeItem(tokenName);
  const link = store.getItem(linkName);
  if (link) leaveTo(() => birthDateView(app, link, words.logIn.ended));
  else app.askForLink(words.link.ended);
}

function logOut() {
  app.client.logOut().catch(() => {}); // a session that cannot be reached ends by itself
  store.removeItem(tokenName);
  forget();
  history.replaceState(null, "", location.pathname);
  app.askForLink(words.link.loggedOut);
}

document.body.append(bar, noticeLine, main, spoken);
addEventListener("hashchange", route);
if (/^#\/l\//.test(location.hash)) route();
else if (store.getItem(tokenName)) resume();
else app.askForLink(words.link.intro);
