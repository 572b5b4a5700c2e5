// Elements without markup in strings: whatever a person wrote can only ever become text.

/**
 * An element: `h("button", {type: "button", onclick: send}, "Send")`. What is null, undefined or false is left out.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag @param {Record<string, any>} [attributes] @param {...(Node|string|number|null|undefined|false)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false).map((child) => /** @type {Node} */ (child)));
  return element;
}

/** Makes `nodes` the children of `parent` and leaves alone what is in its place already: focus and selection stay. @param {Element} parent @param {Node[]} nodes */
export function arrange(parent, nodes) {
  nodes.forEach((node, i) => {
    if (parent.childNodes[i] !== node) parent.insertBefore(node, parent.childNodes[i] ?? null);
  });
  while (parent.childNodes.length > nodes.length) parent.lastChild?.remove();
}

/** Keeps one element per key and builds it again only when what it shows changed. */
export function keeper() {
  /** @type {Map<string, {of: string, node: HTMLElement}>} */
  const kept = new Map();
  return (/** @type {string} */ key, /** @type {unknown} */ value, /** @type {() => HTMLElement} */ build) => {
    const of = JSON.stringify(value);
    const before = kept.get(key);
    if (before?.of === of) return before.node;
    const node = build();
    kept.set(key, { of, node });
    return node;
  };
}

/** A labelled field. @param {string} label @param {HTMLElement} field @param {...(Node|false)} after */
export function labelled(label, field, ...after) {
  return h("div", { class: "field" }, h("label", { for: field.id }, label), field, ...after);
}

/**
 * The one modal dialog, open, that leaves the page when it is closed. Escape closes it, and the focus goes back to where it was.
 * @param {string} title @param {...Node} children
 */
export function openDialog(title, ...children) {
  document.querySelector("dialog")?.remove(); // a button that was pressed twice
  const dialog = h("dialog", { "aria-labelledby": "dialog-title", onclose: () => dialog.remove() }, h("h2", { id: "dialog-title" }, title), ...children);
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** @param {string} text  Counts as the server does: a flag or a face is not two letters. */
export const codePoints = (text) => [...text].length;
