// What a view shows and keeps up to date by itself.

import { useEffect, useState } from "../common/vendor/preact-htm.js";

/**
 * What `read` answered last: undefined until it does. It is read while it is shown, since what was just sent is logged a moment later.
 * @template T
 * @param {import("./desk.js").Desk} desk @param {() => Promise<T>} read
 */
export function usePolled(desk, read) {
  const [state, set] = useState(/** @type {{value?: T, trouble: string}} */ ({ trouble: "" }));
  useEffect(() => {
    const every = 10; // seconds
    return desk.watch(async () => ({ body: await read(), pollAfter: every }), (value) => set({ value, trouble: "" }), (problem) => {
      set(({ value }) => ({ value, trouble: desk.describe(problem) }));
      if (problem.status === 401) desk.fail(problem);
    }).stop;
  }, []);
  return state;
}
