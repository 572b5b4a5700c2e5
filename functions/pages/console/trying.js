// What a button does, and beside it in words why it did not work. A session that has ended asks to sign in.

import { useState } from "../common/vendor/preact-htm.js";

/** `trouble` is why the last try did not work, until the next one. @param {import("./desk.js").Desk} desk */
export function useTry(desk) {
  const [trouble, setTrouble] = useState("");
  return { trouble, attempt: (/** @type {() => Promise<unknown>} */ act) => {
    setTrouble("");
    return act().catch((problem) => problem?.status === 401 ? desk.fail(problem) : setTrouble(desk.describe(problem)));
  } };
}
