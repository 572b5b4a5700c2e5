// Every word of the page. Another language is another object of this shape.

const locale = "en-US";

/** @param {number} count @param {string} one @param {string} many */
const plural = (count, one, many) => `${count} ${count === 1 ? one : many}`;

/** @param {Date} date @param {Intl.DateTimeFormatOptions} options */
const format = (date, options) => new Intl.DateTimeFormat(locale, options).format(date);

const clock = /** @type {const} */ ({ hour: "numeric", minute: "2-digit" });

export const words = {
  productName: "Care Chats",
  navigation: "Main",
  chats: "Chats",
  logOut: "Log Out",
  close: "Close",
  loading: "One moment…",
  /** @param {number} messages */
  unread: (messages) => plural(messages, "unread message", "unread messages"),
  /** When something was written: the time, with the day if it was not today. @param {string} at */
  at: (at) => format(new Date(at), new Date(at).toDateString() === new Date().toDateString() ? clock : { month: "short", day: "numeric", ...clock }),
  /** @param {string|Date} at */
  moment: (at) => format(new Date(at), { weekday: "long", month: "long", day: "numeric", ...clock }),

  logIn: {
    title: "Welcome",
    intro: "To keep your messages private, tell us when you were born.",
    ended: "Your session has ended. Please tell us again when you were born.",
    birthDate: "Date of birth",
    month: "Month",
    day: "Day",
    year: "Year",
    example: "For example 2 / 3 / 1970 for February 3, 1970",
    submit: "Continue",
    notADate: "That is not a date. Please check the month, the day and the year with four digits.",
    wrong: "That is not the date of birth we have. Please check it and try again. After several wrong dates you have to wait for an hour.",
  },

  link: {
    title: "Get a link to your chats",
    intro: "Tell us your phone number or email address, and we send you a link.",
    invalid: "This link no longer works. Tell us your phone number or email address, and we send you a new one.",
    ended: "Your session has ended. Tell us your phone number or email address, and we send you a new link.",
    loggedOut: "You are logged out. To come back, use the link in your last message, or ask for a new one.",
    contact: "Phone number or email address",
    submit: "Send Me a Link",
    sent: "We have sent it if we know you. It may take a minute; look at your texts and your email.",
    malformed: "That does not look like a phone number or an email address. Please check it.",
    other: "Ask for a new link",
  },

  list: {
    title: "Active Chats",
    none: "No chats yet. When your care manager writes to you, you find it here.",
    you: "You:",
    paused: "Texts and emails about new messages are paused. You always find your messages here.",
    noProgram: "You are not in a program with chats at the moment.",
    openRequest: "You can ask for another chat when this request has been answered.",
  },

  request: {
    open: "Request a Chat",
    program: "Program",
    reason: "Reason",
    comment: "Comment",
    chooseReason: "Choose a reason",
    asked: "requested already",
    submit: "Submit Request",
    needsBoth: "Choose a reason and write a comment, then you can submit.",
    needsReason: "Choose a reason, then you can submit.",
    needsComment: "Write a comment, then you can submit.",
    tooLong: "The comment is too long.",
    ready: "Your care manager will see this.",
    /** @param {number} count @param {number} most */
    counter: (count, most) => `${count} of ${most} characters`,
    confirmed: "Your request was sent",
    /** @param {string} at */
    replyBy: (at) => `You can expect a reply by ${words.moment(at)}.`,
    changeReason: "Change the Reason",
    save: "Save",
    changed: "The reason was changed.",
    cancel: "Cancel the Request",
    cancelTitle: "Cancel this request?",
    cancelText: "Your care manager will no longer see it. You can make a new one at any time.",
    cancelYes: "Yes, cancel it",
    cancelNo: "No, keep it",
    cancelled: "Your request was cancelled.",
  },

  thread: {
    you: "You",
    messages: "Messages",
    message: "Message",
    send: "Send",
    hint: "Enter sends, Shift and Enter begin a new line.",
    older: "Show Earlier Messages",
    sending: "Sending…",
    failed: "Not sent: try again",
    seen: "Seen",
    /** @param {number} count @param {number} most */
    tooLong: (count, most) => `${count} of ${most} characters: please shorten it.`,
    /** @param {{displayName: string, until: string}} cover */
    cover: (cover) => `${cover.displayName} covers until ${words.moment(cover.until)}.`,
    readOnly: {
      programClosed: "This program has ended, so you can read this chat but no longer write in it.",
      notYours: "You can read this chat but not write in it.",
    },
    missing: "This chat is not here. It may belong to somebody else.",
    back: "Back to Chats",
  },

  /** What went wrong, by code; the rest is `other`. */
  problems: {
    offline: "There is no connection. Please try again.",
    reconnecting: "There is no connection. We keep trying.",
    unavailable: "Care Chats is busy. Please try again in a moment.",
    "open-request-exists": "You have an open request for this program already. You find it in Chats.",
    "request-closed": "This request has been answered already.",
    "request-cancelled": "This request was cancelled already.",
    "too-many-changes": "The reason was changed too often. Write to your care manager instead.",
    "not-eligible": "You cannot ask for a chat in this program.",
    "validation-failed": "Something is missing or too long. Please check what you wrote.",
    other: "Something went wrong. Please try again.",
    /** @param {Date} at */
    later: (at) => `Too many tries. Please try again after ${format(at, clock)}.`,
    laterUnknown: "Too many tries. Please try again later.",
  },
};
