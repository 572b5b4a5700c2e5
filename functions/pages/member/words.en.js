// Every English word of the page. words.es.js has the same names; what stands in a sentence comes in as an argument.

import { en as shared } from "../common/words.en.js";

/** @param {number} count @param {string} one @param {string} many */
const plural = (count, one, many) => `${count} ${count === 1 ? one : many}`;

/** @typedef {typeof en} Words */

export const en = {
  ...shared,
  productName: "Care Chats",
  navigation: "Main",
  chats: "Chats",
  logOut: "Log Out",
  /** @param {string} name */
  hello: (name) => `Hello, ${name}`,
  /** @param {number} messages */
  unread: (messages) => plural(messages, "unread message", "unread messages"),

  logIn: {
    title: "Welcome",
    intro: "To keep your messages private, tell us when you were born.",
    ended: "Your session has ended. Please tell us again when you were born. What you wrote is still here.",
    /** @param {string} organization */
    pageOf: (organization) => `This is the secure page of ${organization} for messages from your care team.`,
    /** @param {string} [organization] */
    locked: (organization) => `To come in sooner, call your care team${organization ? ` at ${organization}` : ""}: they can send you a new link.`,
    birthDate: "Date of birth",
    month: "Month",
    day: "Day",
    year: "Year",
    example: "For example 5 / 14 / 1952 for May 14, 1952",
    submit: "Continue",
    notADate: "That is not a date. Please check the month, the day and the year with four digits.",
    future: "That date is still to come. Please check the year.",
    wrong: "That is not the date of birth we have. Please check it and try again. After several wrong dates this link stops working, and you need a new one.",
  },

  link: {
    title: "Get a link to your chats",
    intro: "Tell us your phone number or email address, and we will send you a link.",
    invalid: "This link no longer works. Tell us your phone number or email address, and we will send you a new one.",
    ended: "Your session has ended. Tell us your phone number or email address, and we will send you a new link.",
    loggedOut: "You are logged out. To come back, use the link in your last message, or ask for a new one.",
    contact: "Phone number or email address",
    submit: "Send Me a Link",
    sent: "We have sent it if we know you. It may take a minute; look at your texts and your email.",
    malformed: "That does not look like a phone number or an email address. Please check it.",
    other: "Ask for a new link",
  },

  leave: {
    title: "What you wrote is not sent yet",
    text: "If you log out now, it is lost.",
    no: "Stay here",
    yes: "Leave without sending",
  },

  list: {
    unread: "New Messages",
    active: "Active Chats",
    ended: "Earlier Requests",
    draft: "Draft:",
    inactive: "Past Chats",
    inactiveHint: "You can read these, but no longer write in them.",
    none: "No chats yet. When your care manager writes to you, you will find it here.",
    you: "You:",
    /** @param {number} count */
    mark: (count) => `${count} new`,
    /** @param {number} count */
    unsent: (count) => plural(count, "message not sent", "messages not sent"),
    paused: "Texts and emails about new messages are paused for a program of yours. You always find your messages here.",
    unreached: "No text and no email can tell you about new messages. You always find your messages here.",
    change: "Change this in Preferences",
    noProgram: "You are not in a program with chats at the moment.",
    openRequest: "You can ask for another chat when this request has been answered.",
  },

  request: {
    open: "Request a Chat",
    ask: "Would you like to talk to your care manager?",
    program: "Program",
    reason: "Reason",
    comment: "Comment",
    commentHint: "What would you like to talk about?",
    chooseReason: "Choose a reason",
    asked: "requested already",
    submit: "Submit Request",
    submitting: "Submitting…",
    needsBoth: "Choose a reason and write a comment, then you can submit.",
    needsReason: "Choose a reason, then you can submit.",
    needsComment: "Write a comment, then you can submit.",
    tooLong: "The comment is too long. Please shorten it.",
    /** @param {string} who */
    ready: (who) => `${who} will see this.`,
    /** @param {number} count @param {number} most */
    counter: (count, most) => `${count} of ${most} characters`,
    confirmed: "Your request was sent",
    /** @param {string} at */
    replyBy: (at) => `You can expect a reply by ${at}.`,
    /** @param {string} at */
    late: (at) => `We are late. You asked on ${at}. We are sorry; if you cannot wait, please call your care team.`,
    unfinished: "You have an unfinished request.",
    goOn: "Continue",
    /** @param {string} program @param {string} who */
    programOf: (program, who) => `${program}, ${who}`,
    /** @param {string} at @param {string} program @param {string} reason */
    askedOn: (at, program, reason) => `You asked on ${at} (${program}: ${reason}).`,
    /** @param {string} at */
    closedOn: (at) => `Your care manager closed it on ${at}.`,
    /** @param {string} at */
    cancelledOn: (at) => `It was cancelled on ${at}.`,
    changeReason: "Change the Reason",
    save: "Save",
    changed: "The reason was changed.",
    cancel: "Cancel the Request",
    cancelTitle: "Cancel this request?",
    cancelText: "Your care manager will no longer see it. You can make a new one at any time.",
    cancelYes: "Yes, cancel it",
    cancelNo: "No, keep it",
    cancelled: "Your request was cancelled.",
    /** @param {string} program */
    nowClosed: (program) => `Your care manager has closed your request (${program}).`,
    /** @param {string} program */
    nowCancelled: (program) => `Your request was cancelled (${program}).`,
    dismiss: "OK",
  },

  thread: {
    title: "Conversation",
    /** @param {string} name */
    log: (name) => `Conversation with ${name}`,
    messages: "Messages",
    older: "Show Earlier Messages",
    /** @param {string} name @param {string} until */
    cover: (name, until) => `${name} covers until ${until}`,
    readOnly: {
      programClosed: "This program has ended, so you can read this chat but no longer write in it.",
      notYours: "You can read this chat but no longer write in it.",
    },
    /** @param {string} name @param {string} program */
    answersNow: (name, program) => `${name} answers you now (${program})`,
    askInstead: "If you need help, request a chat in Chats",
    callInstead: "If you need help, call your care team.",
    missing: "This chat is not here. It may belong to somebody else.",
    back: "Back to Chats",
  },

  preferences: {
    title: "Preferences",
    channels: "How we tell you about new messages",
    channelsHint: "A text or an email only says that you have a message. What it says stays here.",
    kinds: { sms: "Text message", email: "Email" },
    status: {
      usable: "Works",
      unconfirmed: "Not confirmed yet",
      optedOut: "Stopped by you",
      optedOutAtCarrier: "Stopped by you",
      failing: "Messages do not arrive",
      missing: "We have no address",
    },
    missingPhone: "We have no phone number",
    unsubscribed: "Stopped by the link at the end of an email, which a mail program may open too",
    fixes: {
      confirmEmail: "Open the email that we sent you and follow the link in it. After two days the link has ended: save again, and we send another.",
      subscribe: "Choose email here and save. We send you an email: follow the link in it.",
      textStart: "Text START to the number that our texts come from.",
      askCareTeam: "Ask your care team to check it.",
    },
    quiet: "Quiet hours",
    quietHint: "We wait with texts and emails until these hours are over.",
    quietOn: "Do not tell me at certain hours",
    from: "From",
    to: "Until",
    quietMissing: "Say from when until when.",
    quietSame: "Quiet hours cannot begin and end at the same time.",
    save: "Save",
    saving: "Saving…",
    unsaved: "Not saved yet.",
    saved: "Your preferences are saved.",
    savedToConfirm: "Emails begin when you follow the link in the email that we send you now, or have sent in the last two days.",
    warning: "Nobody will tell you about new messages now: no text and no email can reach you. You find your messages here.",
    pause: "Pause a program",
    pauseHint: "While a program is paused you get no texts and emails about its messages. You still find them here.",
    on: "You are told about new messages.",
    off: "Paused: you are not told about new messages.",
    pauseIt: "Pause",
    resumeIt: "Resume",
    noPrograms: "You are not in a program with chats at the moment.",
  },

  /** What went wrong, by code; the rest is `other`. */
  problems: {
    ...shared.problems,
    "open-request-exists": "You have an open request for this program already. You find it in Chats.",
    "request-closed": "Your care manager has already closed this request, so it can no longer be changed.",
    "request-cancelled": "This request was already cancelled.",
    "too-many-changes": "The reason was changed too often. Write to your care manager instead.",
    "thread-read-only": "The program has ended.",
    "not-found": "It is no longer here.",
    "not-eligible": "You cannot ask for a chat in this program.",
    "validation-failed": "Something is missing or too long. Please check what you wrote.",
  },
};
