// The words of the member's page, in the language of whoever reads it.

import * as shared from "../common/words.js";
import { en } from "./words.en.js";
import { es } from "./words.es.js";

export * from "../common/words.js"; // but for what is below

export const languages = { en, es };

/** The words in use. A module sees the new ones after `speak`, so take them when something is drawn, not before. */
export let words = en;

/** Speaks the first of `wanted` that the page knows, else English. @param {readonly string[]} wanted  Such as "es" or "es-MX". */
export function speak(wanted) {
  words = languages[shared.speak(wanted)];
}
