// The machine that run.mjs started, and the people who are not in front of the page: the platform, care managers, the inbox.

import { randomUUID } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { basename } from "node:path";

/** Where the machine is. @type {{url: string, inbox: string, issuer: string, dynamodb: string, table: string}} */
export const { url, inbox, issuer, dynamodb, table } = JSON.parse(process.env.MACHINE ?? "{}");
if (!url) throw new Error("tests/browser/run.sh starts the machine that these tests need");

const here = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".test.mjs")).sort();
/** Every file of tests has a hundred phones of its own. */
const firstPhone = 1000 + 100 * here.indexOf(basename(process.argv[1]));
let phones = 0;
const newPhone = () => `+1555010${firstPhone + phones++}`;

export class Organization {
  #tokens = new Map();

  constructor(id) {
    this.id = id;
  }

  /** One call of the API; answers with the body, and throws unless it is a 2xx. */
  async as({ role, subject }, method, path, body, more = {}) {
    const headers = { Authorization: `Bearer ${await this.#token(role, subject)}`, ...(body && { "Content-Type": "application/json" }), ...more };
    const send = () => fetch(`${url}/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
    let answer = await send();
    for (let tries = 1; answer.status === 503 && tries < 5; tries++) answer = await send(); // as every client does on a busy machine
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} as ${subject}: ${answer.status} ${text}`);
    return text && JSON.parse(text);
  }

  async #token(role, subject) {
    const key = `${role} ${subject}`;
    if (!this.#tokens.has(key)) {
      const answer = await fetch(`${issuer}/token?role=${role}&organization=${this.id}&subject=${subject}`);
      this.#tokens.set(key, (await answer.json()).access_token);
    }
    return this.#tokens.get(key);
  }

  platform(method, path, body) {
    return this.as({ role: "platform", subject: "platform" }, method, path, body);
  }

  careManager(method, path, body, subject = "cm-rivera") {
    return this.as({ role: "careManager", subject }, method, path, body);
  }

  /** The member, in another app. */
  member({ id }, method, path, body) {
    return this.as({ role: "member", subject: id }, method, path, body);
  }

  /** A member of the test's own. @param {Record<string, string>} [programs]  Care managers by program. */
  async newMember({ programs = { diabetes: "cm-rivera" }, ...more } = {}) {
    const phone = newPhone();
    const id = `member-${phone.slice(-4)}`;
    const subjects = [{ issuer: `${issuer}/${this.id}`, subject: id }];
    const ana = { displayName: "Ana Torres", birthDate: "1970-02-03", language: "en", timeZone: "America/New_York", active: true };
    const profile = { ...ana, phone, subjects, ...more };
    const member = { id, ...profile };
    await this.platform("PUT", `/members/${member.id}`, { channels: ["sms"], ...profile });
    for (const [program, careManagerId] of Object.entries(programs)) {
      await this.platform("PUT", `/members/${member.id}/enrollments/${program}`, { state: "active", careManagerId });
    }
    return member;
  }

  /** Every link that a member has ends with this. */
  async changePhone({ id, ...profile }) {
    const phone = newPhone();
    await this.platform("PUT", `/members/${id}`, { ...profile, phone });
    return phone;
  }

  /** A care manager's message; the first one makes the thread. @returns {Promise<{thread: any, message: any}>} */
  write(member, text, programId = "diabetes", subject = "cm-rivera") {
    return this.careManager("POST", `/members/${member.id}/threads`, { programId, clientMessageId: randomUUID(), text }, subject);
  }

  /** What a thread holds. @returns {Promise<string[]>} */
  async storedTexts(member, thread) {
    const { items } = await this.careManager("GET", `/members/${member.id}/threads/${thread.id}/messages?limit=100`);
    return items.map(({ text }) => text);
  }

  /** The care manager's task behind a member's request. */
  async taskOf(member, subject) {
    const { items } = await this.careManager("GET", "/tasks", undefined, subject);
    return items.find((task) => task.member.id === member.id);
  }

  close(member, task, subject) {
    return this.careManager("POST", `/members/${member.id}/chat-requests/${task.id}/close`, { outcome: "answered" }, subject);
  }
}

/** The seed's. */
export const harbor = new Organization("harbor");

/** An organization of the test's own, whose notices go out at once; cm-rivera and cm-chen have a program each. */
export async function newOrganization(id) {
  const { putOrganization } = JSON.parse(readFileSync(new URL("../../docs/examples/organization.json", import.meta.url), "utf8"));
  const notices = { ...putOrganization.notices, delaySeconds: 0, quietHours: undefined, textsPerDay: 100, minutesBetweenTexts: 0 };
  const issuers = [{ issuer: `${issuer}/${id}`, audience: "care-chats", keysUrl: `${issuer}/${id}/keys` }];
  const asked = JSON.stringify({ putOrganization: { ...putOrganization, id, notices, issuers } });
  const made = await fetch(`${inbox}/2015-03-31/functions/operator/invocations`, { method: "POST", body: asked });
  if (!made.ok) throw new Error(`the operator: ${made.status} ${await made.text()}`);
  const organization = new Organization(id);
  for (const [path, body] of Object.entries({
    "/departments/nurses": { name: "Nurses" },
    "/programs/diabetes": { name: "Living with Diabetes", kind: "guided", departmentId: "nurses" },
    "/programs/heart": { name: "Heart Health", kind: "guided", departmentId: "nurses" },
    "/reasons/symptoms": { labels: { en: "How I feel", es: "Cómo me siento" }, order: 1, active: true },
    "/reasons/medication": { labels: { en: "My medication", es: "Mis medicamentos" }, order: 2, active: true },
    "/care-managers/cm-rivera": { displayName: "Sam Rivera", departmentIds: ["nurses"], active: true },
    "/care-managers/cm-chen": { displayName: "Lin Chen", departmentIds: ["nurses"], active: true },
  })) await organization.platform("PUT", path, body);
  return organization;
}

/** Makes a member's open request look as if its reply had been due an hour ago, in the table itself, and has upkeep put it into its department's list. */
export async function makeLate({ id }, program = "diabetes") {
  const Key = { PK: { S: `ORG#harbor#MEMBER#${id}` }, SK: { S: `CHAT#OPEN#${program}` } };
  const { Item } = await dynamo("GetItem", { TableName: table, Key });
  const due = new Date(Date.now() - 3_600_000), [owner, , ...rest] = Item.WORK_SK.S.split("#");
  const late = { dueAt: { N: String(due.getTime()) }, WORK_SK: { S: [owner, due.toISOString(), ...rest].join("#") }, DUE_SK: { S: due.toISOString() } };
  await dynamo("PutItem", { TableName: table, Item: { ...Item, ...late } });
  const schedule = JSON.stringify({ source: "aws.scheduler", time: new Date().toISOString() });
  await fetch(`${inbox}/2015-03-31/functions/upkeep/invocations`, { method: "POST", body: schedule });
}

/** One call of the machine's DynamoDB, which checks no signature. */
export async function dynamo(operation, input) {
  const credentials = "AWS4-HMAC-SHA256 Credential=local/20260302/us-east-1/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=0";
  const headers = { "Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": `DynamoDB_20120810.${operation}`, "X-Amz-Date": "20260302T120000Z", Authorization: credentials };
  const answer = await fetch(dynamodb, { method: "POST", headers, body: JSON.stringify(input) });
  if (!answer.ok) throw new Error(`${operation}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** Has a fresh link sent to a phone, and takes it from there. @returns {Promise<string>} */
export async function freshLink({ phone }) {
  const before = (await sentTo(phone)).length;
  const json = { "Content-Type": "application/json" };
  const asked = await fetch(`${url}/v1/links`, { method: "POST", headers: json, body: JSON.stringify({ contact: phone }) });
  if (asked.status !== 202) throw new Error(`a link for ${phone}: ${asked.status}`);
  return linkFor(phone, before);
}

/** The address in a text to a phone, by how many came before. @returns {Promise<string>} */
export async function linkFor(phone, before = 0) {
  const text = await until(async () => (await sentTo(phone))[before], `a text to ${phone}`);
  const link = /https?:\S+\/#\/l\/[\w-]+/.exec(text)?.[0];
  if (!link) throw new Error(`no link in ${JSON.stringify(text)}`);
  return link;
}

/** What a phone or a mailbox got, the oldest first. @returns {Promise<string[]>} */
export async function sentTo(contact) {
  const messages = await (await fetch(`${inbox}/messages?to=${encodeURIComponent(contact)}`)).json();
  return messages.map(({ text }) => text);
}

/** What is owed is looked for every minute: this long it may take, and half as long again on a busy machine. */
const patience = 90_000; // milliseconds

/** Asks again until the answer is truthy. */
export async function until(ask, what) {
  const end = Date.now() + patience;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
