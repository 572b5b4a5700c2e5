// The whole product on ports of its own, and the people who are not in front of the page: the platform, the care manager, the inbox.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const organization = "harbor";

/** Starts the local machine and waits until it says that it is ready: seeded, and where everything is. */
export async function startStack() {
  const env = { ...process.env, PORT: "0", INBOX_PORT: "0", ISSUER_PORT: "0", DYNAMODB_PORT: "0", SETTINGS_SECONDS: "0" };
  const child = spawn("go", ["run", "./local"], { cwd: root, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(child, "exit");
  const stop = async () => {
    if (child.exitCode === null && child.pid) process.kill(-child.pid, "SIGTERM"); // the group: `go run` does not pass signals on
    await ended;
  };
  let log = "";
  child.stderr.on("data", (chunk) => (log = (log + chunk).slice(-10_000)));
  const summary = await ready(child.stdout, ended).catch(async (error) => {
    await stop();
    throw new Error(`${error.message}\n${log}`);
  });
  const address = (name) => new RegExp(`${name} +(http://\\S+)`).exec(summary)?.[1] ?? "";
  return new Stack(address("the member's page"), address("the inbox"), address("log-ins"), stop);
}

/** What the machine prints once it is ready. */
async function ready(stdout, ended) {
  const died = ended.then(([code]) => { throw new Error(`the local machine ended with ${code}`); });
  died.catch(() => {});
  let summary = "";
  stdout.on("data", (chunk) => (summary += chunk));
  await Promise.race([died, until(() => summary.includes("Ctrl-C"), "the local machine", 180_000)]);
  return summary;
}

class Stack {
  #tokens = new Map();

  constructor(url, inbox, issuer, stop) {
    this.url = url;
    this.inbox = inbox;
    this.issuer = issuer;
    this.stop = stop;
  }

  /** One call of the API as the platform or a care manager; answers with the body, and throws unless it is a 2xx. */
  async as({ role, subject }, method, path, body) {
    const token = await this.#token(role, subject);
    const answer = await fetch(`${this.url}/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}`, ...(body && { "Content-Type": "application/json" }) },
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} as ${subject}: ${answer.status} ${text}`);
    return text && JSON.parse(text);
  }

  async #token(role, subject) {
    const key = `${role} ${subject}`;
    if (!this.#tokens.has(key)) {
      const answer = await fetch(`${this.issuer}/token?role=${role}&organization=${organization}&subject=${subject}`);
      this.#tokens.set(key, (await answer.json()).access_token);
    }
    return this.#tokens.get(key);
  }

  platform(method, path, body) {
    return this.as({ role: "platform", subject: "platform" }, method, path, body);
  }

  careManager(method, path, body) {
    return this.as({ role: "careManager", subject: "cm-rivera" }, method, path, body);
  }

  /** A member of one's own in the diabetes program. @param {number} number  Of the phone: its last four digits. */
  async newMember(number) {
    const member = { id: `browser-${number}`, birthDate: "1970-02-03", phone: `+1555010${number}` };
    const profile = { ...member, displayName: "Ana Torres", language: "en", timeZone: "America/New_York", active: true };
    await this.platform("PUT", `/members/${member.id}`, { ...profile, channels: ["sms"] });
    await this.platform("PUT", `/members/${member.id}/enrollments/diabetes`, { state: "active", careManagerId: "cm-rivera" });
    return member;
  }

  /** The address in the first text that a phone got. @returns {Promise<string>} */
  async linkFor(phone) {
    const text = await until(async () => {
      const messages = await (await fetch(`${this.inbox}/messages`)).json();
      return messages.find(({ channel, to }) => channel === "sms" && to === phone)?.text;
    }, `a text to ${phone}`, 90_000);
    const url = /https?:\S+\/#\/l\/[\w-]+/.exec(text)?.[0];
    if (!url) throw new Error(`no link in ${JSON.stringify(text)}`);
    return url;
  }
}

/** Asks again until the answer is truthy. */
export async function until(ask, what, milliseconds = 15_000) {
  const end = Date.now() + milliseconds;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
