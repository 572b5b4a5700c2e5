// Addresses and phone numbers in what people write, so that they can be tapped. They become elements, never markup.

import { html } from "./vendor/preact-htm.js";

// An address ends at a space and at whatever nobody sees. A phone number is written as one: with a + or in its usual groups, not just digits.
const address = String.raw`https:\/\/[^\s\p{C}<>"]+`;
const phone = String.raw`\+\d(?:[ .()\-]{0,2}\d){7,14}|(?:1[ .\-])?(?:\(\d{3}\) ?|\d{3}[ .\-])\d{3}[ .\-]\d{4}`;
const either = new RegExp(`(^|[^\\p{L}\\d+.\\-/])(?:(${address})|(${phone})(?![\\p{L}\\d]))`, "gu");
const short = "911|988|112";
const urgent = new RegExp(`(^|[^\\p{L}\\d+.\\-/])(?:(${address})|(${short}|${phone})(?![\\p{L}\\d]))`, "gu");

/**
 * A text as pieces for a template: strings, and links for the addresses and phone numbers in it. Only where it `isUrgent` is 911 a number to call.
 * @param {string} text @param {boolean} [isUrgent] @returns {any[]}
 */
export function linked(text, isUrgent = false) {
  const pieces = [];
  let done = 0;
  for (const found of text.matchAll(isUrgent ? urgent : either)) {
    const start = (found.index ?? 0) + found[1].length;
    const shown = found[2] ? withoutEnd(found[2]) : found[3];
    pieces.push(text.slice(done, start), found[2]
      ? html`<a href=${shown} target="_blank" rel="noopener noreferrer">${shown}</a>` : html`<a href=${dialed(shown)}>${shown}</a>`);
    done = start + shown.length;
  }
  return [...pieces, text.slice(done)];
}

/** The number that a text about emergencies says to call, if it says one. @param {string} text */
export const emergencyNumber = (text) => [...text.matchAll(urgent)].find((found) => found[3])?.[3];

/** @param {string} phone */
export const dialed = (phone) => `tel:${phone.replace(/[^\d+]/g, "")}`;

/** What ends a sentence is no part of an address, nor a bracket that was opened before it. @param {string} address @returns {string} */
function withoutEnd(address) {
  const short = address.replace(/[.,;:!?'’”…]+$/, "");
  return short.endsWith(")") && !short.includes("(") ? withoutEnd(short.slice(0, -1)) : short;
}
