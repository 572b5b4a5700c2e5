// A phone number or an email address as people write or paste it, as the API takes it.

/** What nobody sees: marks of direction that a contact list adds, zero-width spaces, every kind of space at an end. */
const unseen = /[\p{Cf}]/gu;
const between = /[\s().\/\p{Pd}\u2212]/gu;

/** @param {string} typed */
export function asContact(typed) {
  const text = typed.replace(unseen, "").trim().replace(/^(?:tel|sms|mailto):/i, "").replace(/\?.*$/, "").trim();
  if (text.includes("@")) return (/<([^<>]+@[^<>]+)>/.exec(text)?.[1] ?? text).trim();
  return inNorthAmerica(text.replace(between, ""));
}

/** Ten digits are a North American number. @param {string} phone */
function inNorthAmerica(phone) {
  if (/^\d{10}$/.test(phone)) return `+1${phone}`;
  return /^1\d{10}$/.test(phone) ? `+${phone}` : phone;
}
