// Who is logged in, over a reload, and which language was chosen before anybody was.

import { device, tab } from "../common/store.js";

const prefix = "care-chats-";
// The token lives as long as the tab, and so does the link, which lets in nobody without the birth date.
const names = { token: `${prefix}token`, link: `${prefix}link`, language: `${prefix}language` };

export const token = () => tab.get(names.token);
export const link = () => tab.get(names.link);

/** @param {string} token @param {string} link */
export function begin(token, link) {
  tab.set(names.token, token);
  tab.set(names.link, link);
}

/** The session is over; what was written stays for the same member. */
export const end = () => tab.set(names.token, undefined);
export const forgetLink = () => tab.set(names.link, undefined);

/** Leaves nothing of anybody in this tab. */
export function forgetEverything() {
  for (const name of tab.names()) if (name.startsWith(prefix)) tab.set(name, undefined);
}

/** The language that was chosen on this device. */
export const language = () => device.get(names.language);
/** @param {string} language */
export const chooseLanguage = (language) => device.set(names.language, language);
