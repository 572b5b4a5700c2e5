// What a button does, and beside it in words why it did not work.

import { useState } from "../common/vendor/preact-htm.js";

/** `trouble` is why the last try did not work, until the next one. @param {import("./desk.js").Desk} desk */
export function useTry(desk) {
  const [trouble, setTrouble] = useState("");
  return { trouble, attempt: (/** @type {() => Promise<unknown>} */ act) => {
    setTrouble("");
    return act().catch((problem) => setTrouble(desk.describe(problem)));
  } };
}
