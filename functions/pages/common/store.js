// What a browser keeps for a page. Where site data are blocked it is kept in memory, and a reload forgets it.

/** A store of texts by name, like `localStorage`. @typedef {{get: (name: string) => string|undefined, set: (name: string, value: string|undefined) => void, names: () => string[]}} Store */

/** As long as the tab. */
export const tab = store("sessionStorage");
/** Until it is removed, for every tab. */
export const device = store("localStorage");

/** @param {"sessionStorage"|"localStorage"} kind @returns {Store} */
function store(kind) {
  const kept = storage(kind);
  if (!kept) return memory();
  return {
    get: (name) => kept.getItem(name) ?? undefined,
    set(name, value) {
      try {
        if (value === undefined) kept.removeItem(name);
        else kept.setItem(name, value);
      } catch {
        // A full store: what was written is still on the page.
      }
    },
    names: () => Object.keys(kept),
  };
}

/** Blocked storage throws as soon as it is touched. @param {"sessionStorage"|"localStorage"} kind */
function storage(kind) {
  try {
    globalThis[kind].getItem("");
    return globalThis[kind];
  } catch {
    return undefined;
  }
}

/** @returns {Store} */
function memory() {
  /** @type {Map<string, string>} */ const kept = new Map();
  return {
    get: (name) => kept.get(name),
    set: (name, value) => void (value === undefined ? kept.delete(name) : kept.set(name, value)),
    names: () => [...kept.keys()],
  };
}
