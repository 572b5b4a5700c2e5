// Reading again and again what may have changed.

import { Problem } from "./http.js";

/** @typedef {import("./types").Signal} Signal */
/** @template T @typedef {import("./types").Polled<T>} Polled */

/** Whether the page is in sight; always, where there is no page. @type {Signal} */
export const pageVisible = {
  isOn: () => !globalThis.document?.hidden,
  onChange: (look) => listen(globalThis.document, ["visibilitychange"], look),
};

/** The network came back, or the page got the focus. @type {import("./types").Changes} */
export const pageOnline = {
  onChange: (look) => listen(globalThis, ["online", "focus"], look),
};

/** @param {EventTarget|undefined} target @param {string[]} events @param {() => void} look */
function listen(target, events, look) {
  for (const event of events) target?.addEventListener?.(event, look);
  return () => {
    for (const event of events) target?.removeEventListener?.(event, look);
  };
}

/**
 * Reads as often as the server wants it, and shows what changed. It rests while the app is not `visible`, looks at once when `visible` or
 * `online` changes, and stops by itself when the API says that the session has ended or that the thing is not there. Nothing else ends it:
 * whatever `read` or `show` throws, it tells `fail` and tries again later.
 * @template T
 * @param {() => Promise<Polled<T>>} read
 * @param {(body: T) => void} show
 * @param {(problem: any) => void} fail  Told what was thrown, a {@link Problem} or a fault of the caller's; the next read that works is shown even if nothing changed.
 * @param {{visible: Signal, online: import("./types").Changes}} [signals]
 * @returns {import("./types").Watching}
 */
export function watch(read, show, fail, { visible, online } = { visible: pageVisible, online: pageOnline }) {
  /** @type {T|undefined} */ let shown;
  /** @type {ReturnType<typeof setTimeout>|undefined} */ let timer;
  let stopped = false, busy = false, again = false, failures = 0;

  async function look() {
    if (stopped || !visible.isOn()) return;
    if (busy) return void (again = true);
    clearTimeout(timer);
    busy = true;
    const wait = await once();
    busy = false;
    if (stopped) return;
    timer = setTimeout(look, again ? 0 : wait);
    again = false;
  }

  /** One read; answers with the milliseconds until the next, and never throws. */
  async function once() {
    try {
      const { body, pollAfter } = await read();
      if (!stopped && body !== shown) show(body);
      shown = body;
      failures = 0;
      return pollAfter * 1000;
    } catch (problem) {
      shown = undefined;
      if (problem instanceof Problem && problem.isLate) return 0;
      if (problem instanceof Problem && isFinal(problem)) stop();
      tell(problem);
      const asked = problem instanceof Problem ? problem.retryAfter ?? 0 : 0;
      return Math.max(asked * 1000, Math.min(60_000, 2000 * 2 ** failures++));
    }
  }

  /** @param {unknown} problem */
  function tell(problem) {
    try { fail(problem); } catch (fault) { console.error(fault); }
  }

  const deaf = [visible.onChange(look), online.onChange(look)];
  function stop() {
    stopped = true;
    clearTimeout(timer);
    for (const end of deaf) end();
  }

  look();
  return { now: look, stop };
}

/** The API itself says so; a refusal without a code comes from something before it, and may pass. @param {Problem} problem */
const isFinal = ({ status, code }) => [401, 403, 404].includes(status) && code !== "";
