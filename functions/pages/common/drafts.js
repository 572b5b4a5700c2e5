// What a person is writing. The tab keeps it over a reload. The device keeps it for a day, for the next tab that the same person opens:
// encrypted with a key that only their log-in yields, and not even its names can be read without it.

import { device, tab } from "./store.js";

const lifetime = 24 * 60 * 60 * 1000; // milliseconds
const prefix = "care-chats-draft";

/** Drafts of one person by name, such as "request". */
export class Drafts {
  #inTab;
  /** @type {Vault|undefined} */ #vault;

  /** @param {string} personId */
  constructor(personId) {
    this.#inTab = `${prefix}:${personId}:`;
  }

  /** @param {string} name @returns {any} */
  load(name) {
    return JSON.parse(tab.get(this.#inTab + name) ?? "null") ?? undefined;
  }

  /** Without a value there is no draft any more. @param {string} name @param {object|undefined} value */
  save(name, value) {
    const text = value && JSON.stringify(value);
    if (text === tab.get(this.#inTab + name)) return;
    tab.set(this.#inTab + name, text);
    this.#vault?.save(name, text);
  }

  /** One draft, for whoever writes it. @param {string} name */
  keeper(name) {
    return { load: () => this.load(name), save: (/** @type {object|undefined} */ value) => this.save(name, value) };
  }

  /** @returns {string[]} */
  names() {
    return tab.names().filter((name) => name.startsWith(this.#inTab)).map((name) => name.slice(this.#inTab.length));
  }

  /** Takes what the device holds and this tab does not know. Without WebCrypto the device holds nothing. @param {string} [draftKey] */
  async open(draftKey) {
    const vault = await Vault.open(draftKey), known = this.names();
    for (const [name, text] of await vault?.all() ?? []) if (!known.includes(name)) tab.set(this.#inTab + name, text);
    for (const name of known) vault?.save(name, tab.get(this.#inTab + name));
    this.#vault = vault;
  }

  /** Forgets what this tab knows. Where the device holds nothing the tab keeps it, or it would be lost. */
  leave() {
    if (!this.#vault) return;
    for (const name of this.names()) tab.set(this.#inTab + name, undefined);
    this.#vault = undefined;
  }

  /** Forgets everything, on the device too. */
  forget() {
    this.#vault?.forget();
    this.#vault = undefined;
    for (const name of this.names()) tab.set(this.#inTab + name, undefined);
  }
}

/** A person's part of the device's store. */
class Vault {
  #key;
  #prefix;
  #name;
  #isOpen = true;
  /** Writes go one after the other, so that the last is the newest. @type {Promise<unknown>} */ #writing = Promise.resolve();

  /** @param {CryptoKey} key @param {(text: string) => Promise<string>} name @param {string} person */
  constructor(key, name, person) {
    this.#key = key;
    this.#name = name;
    this.#prefix = `${prefix}:${person}:`;
  }

  /** @param {string} [draftKey] */
  static async open(draftKey) {
    const subtle = globalThis.crypto?.subtle; // not there without TLS
    if (!draftKey || !subtle) return undefined;
    const root = await subtle.importKey("raw", fromText(draftKey), "HKDF", false, ["deriveKey"]);
    /** @param {string} use */
    const hkdf = (use) => ({ name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: new TextEncoder().encode(use) });
    const key = await subtle.deriveKey(hkdf("drafts"), root, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    const signing = await subtle.deriveKey(hkdf("names"), root, { name: "HMAC", hash: "SHA-256", length: 256 }, false, ["sign"]);
    /** A name that only the key yields. @param {string} text */
    const name = async (text) => toText(new Uint8Array(await subtle.sign("HMAC", signing, new TextEncoder().encode(text))).slice(0, 12));
    return new Vault(key, name, await name("person"));
  }

  /** Name and text of each draft, without those that have expired or cannot be read. */
  async all() {
    const found = device.names().filter((name) => name.startsWith(this.#prefix));
    const all = await Promise.all(found.map((name) => this.#read(name).catch(() => undefined)));
    return all.flatMap((draft) => draft ? [draft] : []);
  }

  /** @param {string} name @param {string|undefined} text */
  save(name, text) {
    this.#writing = this.#writing.then(() => this.#write(name, text)).catch((fault) => console.error(fault));
  }

  forget() {
    this.#isOpen = false;
    for (const name of device.names()) if (name.startsWith(this.#prefix)) device.set(name, undefined);
  }

  /** @param {string} stored @returns {Promise<[string, string]|undefined>} */
  async #read(stored) {
    const { iv, data } = JSON.parse(device.get(stored) ?? "");
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: fromText(iv) }, this.#key, fromText(data));
    const { name, text, until } = JSON.parse(new TextDecoder().decode(plain));
    return until > Date.now() ? [name, text] : undefined;
  }

  /** @param {string} name @param {string|undefined} text */
  async #write(name, text) {
    const stored = this.#prefix + await this.#name(name), until = Date.now() + lifetime;
    if (text === undefined) return device.set(stored, undefined);
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, this.#key, new TextEncoder().encode(JSON.stringify({ name, text, until })));
    if (this.#isOpen) device.set(stored, JSON.stringify({ until, iv: toText(iv), data: toText(new Uint8Array(data)) }));
  }
}

/** Removes what has expired, whoever's it is. */
export function removeOldDrafts() {
  for (const name of device.names()) if (name.startsWith(prefix) && !(endOf(device.get(name)) > Date.now())) device.set(name, undefined);
}

/** @param {string|undefined} stored @returns {number} */
function endOf(stored) {
  try { return JSON.parse(stored ?? "").until; } catch { return 0; }
}

/** base64url @param {Uint8Array} bytes */
const toText = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
/** @param {string} text */
const fromText = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (byte) => byte.charCodeAt(0));
