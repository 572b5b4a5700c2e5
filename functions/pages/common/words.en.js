// The English words that the pages share. A page adds its own; words.es.js has the same names.

/** @typedef {typeof en} Words */

export const en = {
  language: "English",
  locale: "en-US",
  close: "Close",
  loading: "One moment…",
  today: "Today",
  yesterday: "Yesterday",
  emergency: "In an emergency",
  /** @param {string} number */
  callInEmergency: (number) => `Emergency: call ${number}`,

  talk: {
    you: "You",
    message: "Message",
    send: "Send",
    hint: "Enter sends, Shift and Enter begin a new line.",
    newMessages: "New messages",
    toNewest: "See the new message",
    sending: "Sending…",
    sent: "Sent",
    waiting: "Not sent yet. It goes out by itself.",
    tryNow: "Try now",
    refused: "Not sent.",
    edit: "Edit",
    drop: "Delete",
    unsaid: "You began to write this. It was not sent.",
    seen: "Seen",
    /** @param {number} count @param {number} most */
    tooLong: (count, most) => `${count} of ${most} characters: please shorten it.`,
  },

  /** What went wrong, by code; the rest is `other`. */
  problems: {
    offline: "There is no connection. Please try again.",
    reconnecting: "There is no connection. We keep trying.",
    unavailable: "Care Chats is busy. Please try again in a moment.",
    other: "Something went wrong. Please try again.",
    /** @param {string} at */
    later: (at) => `Too many tries. Please try again after ${at}.`,
    laterUnknown: "Too many tries. Please try again later.",
    tryAgain: "Try Again",
  },
};
