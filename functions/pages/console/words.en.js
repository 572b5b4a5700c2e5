// The English words of the console; words.es.js has the same names.

import { en as shared } from "../common/words.en.js";

/** @typedef {typeof en} Words */

export const en = {
  ...shared,
  productName: "Care Chats",
  cancel: "Cancel",
  /** @param {number} n */
  minutes: (n) => `${n} min`,
  /** @param {number} n */
  hours: (n) => `${n} h`,
  /** @param {number} n */
  days: (n) => `${n} days`,
  /** @param {string} time */
  late: (time) => `${time} late`,
  /** @param {string} time */
  by: (time) => `by ${time}`,
  /** @param {string} time */
  byTomorrow: (time) => `tomorrow by ${time}`,
  /** @param {string} day */
  byDay: (day) => `by ${day}`,

  gate: {
    title: "Sign in to Care Chats",
    intro: "For care managers. You sign in with your organization's own account.",
    signIn: "Sign in",
    /** @param {string} name */
    signInAt: (name) => `Sign in at ${name}`,
    signedOut: "You are signed out. Your drafts are kept.",
    ended: "Your session has ended. Sign in again: your drafts are kept.",
    none: "No organization is set up here yet.",
    unreachable: "The sign-in service does not answer. Please try again.",
  },

  head: {
    navigation: "Views",
    account: "Account",
    signOut: "Sign out",
    keys: "Keyboard shortcuts",
    useKeys: "Single-letter shortcuts",
    /** @param {string} name @param {string} until */
    covering: (name, until) => `You cover for ${name} until ${until}.`,
    /** @param {string} name @param {string} until */
    covered: (name, until) => `${name} covers for you until ${until}.`,
    end: "End",
    notify: "Tell me of new work",
    /** @param {number} n */
    fresh: (n) => n === 1 ? "1 new task or message" : `${n} new tasks or messages`,
  },

  views: { queue: "Queue", inbox: "Inbox", caseload: "Caseload", coverage: "Coverage" },
  /** @param {number} n */
  lateCount: (n) => `${n} late`,
  scope: { label: "Whose", mine: "Mine", department: "Department", covering: "Covering" },

  list: {
    groups: { late: "Late", today: "Today", later: "Later" },
    lists: { label: "List", waiting: "Waiting", unreadByMember: "Not read by members" },
    find: "Find a person",
    /** @param {number} n */
    fresh: (n) => `${n} new`,
    show: "Show",
    more: "More",
    claim: "Claim",
    /** @param {string} name */
    claimOf: (name) => `Claim ${name}`,
    /** @param {string} name */
    forColleague: (name) => `for ${name}`,
    /** @param {number} n */
    wrote: (n) => n === 1 ? "1 message" : `${n} messages`,
    task: "Task",
    paused: "Notices paused",
    draft: "Draft",
    unsent: "Not sent",
    /** @param {string} time */
    waits: (time) => `waits ${time}`,
    /** @param {string} time */
    unread: (time) => `not read for ${time}`,
    acts: { closed: "Closed", answered: "Answered", dealt: "Nothing to answer", claimed: "Yours now", handedOver: "Handed over" },
    gone: "Done elsewhere",
    empty: { queue: "No open task.", waiting: "Nobody waits for an answer.", unreadByMember: "No message has gone unread for long.", caseload: "Nobody here.", find: "Nobody has that name." },
    /** @param {string} time */
    asOf: (time) => `As of ${time}`,
  },

  case: {
    choose: "Choose a person to see their request and messages.",
    back: "Back to the list",
    missing: "This person is not in your care, or not any more.",
    request: "Request",
    history: "History",
    whole: "The whole request",
    /** @param {string} what @param {string} by @param {string} at */
    event: (what, by, at) => `${what} by ${by}, ${at}`,
    actions: { submitted: "Asked", reasonChanged: "Reason changed", assigned: "Handed over", cancelled: "Cancelled", closed: "Closed" },
    by: { careManager: "a care manager", platform: "the platform" },
    close: "Close Task",
    assign: "Assign",
    claim: "Claim",
    claimed: "It is yours now.",
    /** @param {string} name */
    took: (name) => `${name} has claimed this.`,
    /** @param {string} name */
    taken: (name) => `${name} was faster and has it now.`,
    /** @param {string} name */
    assigned: (name) => `${name} has it now.`,
    nothing: "Nothing to answer",
    dealt: "Marked as dealt with.",
    /** @param {string} name */
    closed: (name) => `${name}'s task is closed.`,
    closesLater: "Not closed yet. It closes by itself.",
    takeBack: "Take back",
    /** @param {string} name */
    notClosed: (name) => `${name}'s task was not closed.`,
    outcome: "Outcome",
    choices: "Choose…",
    note: "Note",
    optional: "optional",
    /** @param {string} name */
    noteHint: (name) => `${name} never sees this.`,
    noOutcome: "Choose an outcome.",
    assignTo: "To",
    /** @param {string} name */
    department: (name) => `${name} (department)`,
    /** @param {string} name */
    cancelled: (name) => `${name} cancelled the request.`,
    closedByColleague: "A colleague closed this task.",
    /** @param {string} name @param {string} time */
    answered: (name, time) => `${name} answered ${time} ago.`,
    look: "Look",
    threads: "Chats with this person",
    /** @param {string} name */
    threadOf: (name) => `with ${name}`,
    mine: "with you",
    /** @param {string} name */
    log: (name) => `Conversation with ${name}`,
    messages: "Messages",
    older: "Earlier messages",
    /** @param {string} name @param {string} since */
    unreadSince: (name, since) => `Unread by ${name} since ${since}`,
    /** @param {string} name */
    firstMessage: (name) => `${name} has no chat with you in this program yet. Your first message begins it.`,
    readOnly: "You can read here, but not write: it is a colleague's now, or the program is closed.",
    /** @param {string} to @param {string} owner */
    ownThread: (to, owner) => `You read ${owner}'s chat. Your answer goes to ${to} in a chat of your own.`,
  },

  panel: {
    title: "Details",
    programs: "Programs",
    threads: "Other chats",
    ended: "ended",
    told: "Told of new messages.",
    paused: "Not told of new messages.",
    pause: "Pause",
    resume: "Resume",
    channels: "How they are told",
    kinds: { sms: "Text message", email: "Email" },
    status: {
      usable: "Works", unconfirmed: "Not confirmed yet", optedOut: "Stopped by the member", optedOutAtCarrier: "Stopped by the member at the carrier",
      failing: "Does not arrive", missing: "No address",
    },
    notChosen: "Works, but not chosen",
    /** @param {string} day */
    since: (day) => `since ${day}`,
    link: "Send a fresh link",
    linkHint: "It goes to their phone and their email address.",
    linkSent: "A fresh link is on its way. It also unlocks the log-in.",
    log: "What we told them",
    noLog: "Nothing yet.",
    by: { sms: "by text", email: "by email" },
    /** @param {string} how */
    wasTold: (how) => `Told of a message ${how}.`,
    /** @param {string} how */
    reminded: (how) => `Reminded of a message ${how}.`,
    /** @param {string} how  "" for no channel. @param {string} why */
    deferred: (how, why) => `Put off${how && ` ${how}`}: ${why}.`,
    /** @param {string} how @param {string} why */
    notTold: (how, why) => `Not told${how && ` ${how}`}: ${why}.`,
    /** @param {string} how */
    linkOut: (how) => `A log-in link went out ${how}, asked for by the care side.`,
    /** @param {string} how */
    linkAsked: (how) => `A log-in link went out ${how}, asked for where members log in.`,
    /** @param {string} how @param {string} why */
    linkNot: (how, why) => `A log-in link did not go out${how && ` ${how}`}: ${why}.`,
    locked: "Locked after too many wrong birth dates. A fresh link unlocks it.",
    rules: {
      read: "it was read before", closed: "the program is closed", paused: "notices are paused", quietHours: "quiet hours", cap: "enough for now", disabled: "they are no longer active",
      noneChosen: "they chose no way to be told", unconfirmed: "the address is not confirmed", optedOut: "they stopped it", optedOutAtCarrier: "they stopped it at the carrier",
      failing: "it does not arrive", missing: "there is no address", countryNotAllowed: "that country is not served", snsError: "the provider failed",
    },
  },

  coverage: {
    who: "Who is away", me: "You",
    mine: "When you are away",
    /** @param {string} name */
    ofColleague: (name) => `When ${name} is away`,
    /** @param {string} name */
    noneOf: (name) => `Nobody covers for ${name} now, and nothing is planned.`,
    /** @param {string} name @returns {(from: string, to: string, cover: string) => string} */
    awayOf: (name) => (from, to, cover) => `${name} is away from ${from} to ${to}. ${cover} covers.`,
    fromOf: "Away from", byOf: "covered by",
    none: "Nobody covers for you now, and nothing is planned.",
    others: "Whom you cover",
    noneOfOthers: "You cover for nobody.",
    /** @param {string} from @param {string} to @param {string} name */
    away: (from, to, name) => `You are away from ${from} to ${to}. ${name} covers for you.`,
    /** @param {string} name @param {string} from @param {string} to */
    covering: (name, from, to) => `You cover for ${name} from ${from} to ${to}.`,
    from: "I am away from", to: "to", by: "covered by",
    /** @param {string} tasks @param {string} waiting */
    moves: (tasks, waiting) => `As things stand they see your ${tasks} open ${tasks === "1" ? "task" : "tasks"} and ${waiting} waiting ${waiting === "1" ? "chat" : "chats"}, and may answer in their own name.`,
    missing: "Say from when, until when, and by whom.",
    order: "It ends before it begins.",
    save: "Save",
    /** @param {string} name @param {string} of  "" for oneself. */
    saved: (name, of) => `Saved. ${name} covers for ${of || "you"}.`,
    end: "End now", endTitle: "End this coverage now?", endYes: "Yes, end it",
    endText: "Whoever covers no longer sees the tasks and messages of the person who is away.",
    takeBack: "Take back",
  },

  reply: {
    /** @param {string} name */
    to: (name) => `Send to ${name}`,
    hint: "Ctrl + Enter sends",
    hintMac: "⌘ + Enter sends",
  },

  keys: {
    title: "Keyboard shortcuts",
    next: "Next", previous: "Previous", open: "Open", back: "Back to the list", reply: "Write", send: "Send", close: "Close the task", claim: "Claim",
    assign: "Assign", nothing: "Nothing to answer", link: "Send a fresh link", views: "Queue, Inbox, Caseload, Coverage", find: "Find in the caseload", panel: "Side panel",
    help: "This list", then: "then",
  },

  problems: {
    ...shared.problems,
    "not-found": "It is not there, or not yours any more.",
    forbidden: "You can read here, but not change anything.",
    "request-closed": "The task is closed already.",
    "request-cancelled": "The member has cancelled the request.",
    "already-claimed": "A colleague was faster.",
    "thread-read-only": "Nobody can write here any more.",
    "not-eligible": "The program is closed, so nobody can write.",
    "validation-failed": "Something is missing or too long.",
    "coverage-overlaps": "There is a coverage at that time already.",
    "too-large": "It is too long.",
  },
};
