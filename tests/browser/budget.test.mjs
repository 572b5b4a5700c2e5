// What the page costs on a phone: requests, bytes, and how calm it is while it waits.

import assert from "node:assert/strict";
import { test } from "node:test";
import { activeChats, comeIn, dot, messages, openBrowser, openThread, phone, sayBirthDate } from "./pages.mjs";
import { freshLink, harbor, until, url } from "./stack.mjs";

const kilobyte = 1000;

/**
 * What goes over the network, as the browser counts it; `clear` begins anew. Bytes are those of bodies as they are sent: of headers HTTP/2
 * sends only what is new.
 */
async function meter(context, page) {
  const session = await context.newCDPSession(page);
  const requests = new Map();
  let first = 0;
  const find = (requestId) => requests.get(requestId) ?? {}; // one that began before this did is not counted
  session.on("Network.requestWillBeSent", ({ requestId, request: { url, method }, initiator }) =>
    requests.set(requestId, { path: new URL(url).pathname, method, initiator: initiator.type, bytes: 0, cached: false }));
  session.on("Network.requestServedFromCache", ({ requestId }) => (find(requestId).cached = true));
  session.on("Network.responseReceived", ({ requestId, response }) => {
    const request = find(requestId);
    Object.assign(request, { status: response.status, cached: request.cached || response.fromDiskCache });
  });
  session.on("Network.dataReceived", ({ requestId, encodedDataLength }) => (find(requestId).bytes += encodedDataLength));
  await session.send("Network.enable");
  const all = () => [...requests.values()].slice(first);
  return { all, sent: () => all().filter(({ cached }) => !cached), clear: () => (first = requests.size) };
}

/** The browser shows it in the tab, whenever it likes. */
const isIcon = (path) => path.endsWith(".svg");

const bytes = (requests) => requests.reduce((sum, request) => sum + request.bytes, 0);

test("a first view is five requests and 40 kB", async (t) => {
  const member = await harbor.newMember();
  const { context, newPage } = await openBrowser(t, phone);
  const page = await newPage();
  const network = await meter(context, page);
  const link = await freshLink(member);
  await Promise.all([page.waitForResponse("**/v1/sessions"), page.goto(link)]);
  await page.getByLabel("Month").waitFor();
  const all = network.all();
  t.diagnostic(`${all.map(({ method, path, bytes }) => `${method} ${path.replace(/\.[0-9a-f]{16}\./, ".")} ${bytes}`).join(", ")}: ${all.length} requests, ${bytes(all)} bytes`);
  assert(all.length <= 5 && bytes(all) <= 40 * kilobyte);
  const late = all.filter(({ path, initiator }) => path.startsWith("/static/") && !isIcon(path) && initiator !== "parser"); // a round trip each
  assert.deepEqual(late, []);
});

test("at 400 kbit/s and 400 ms a birth date can be typed within 2.5 s", async (t) => {
  const member = await harbor.newMember();
  const { context, newPage } = await openBrowser(t, phone);
  const page = await newPage();
  const link = await freshLink(member);
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", { offline: false, latency: 400, downloadThroughput: 400_000 / 8, uploadThroughput: 400_000 / 8 });
  await page.addInitScript(() => {
    document.addEventListener("focusin", ({ target }) => (globalThis.typedAt ??= target instanceof HTMLInputElement ? performance.now() : undefined));
  });
  await page.goto(link);
  await page.getByLabel("Month").waitFor();
  await page.keyboard.type("2");
  assert.equal(await page.getByLabel("Month").inputValue(), "2"); // the field has the focus
  const after = await page.evaluate(() => globalThis.typedAt);
  t.diagnostic(`after ${Math.round(after)} ms`);
  assert(after < 2500, `${after} ms`);
});

test("from the link to the first view it is under 45 kB", async (t) => {
  const member = await harbor.newMember();
  await harbor.write(member, "Hello Ana, how was your week?");
  const { context, newPage } = await openBrowser(t, phone);
  const page = await newPage();
  const network = await meter(context, page);
  await page.goto(await freshLink(member));
  await page.getByLabel("Month").waitFor();
  const before = network.all();
  // Counted after log-in: what the page asks for between the session that it gets and the view that is whole, files too.
  network.clear();
  await sayBirthDate(page, member.birthDate);
  await activeChats(page).waitFor();
  await page.getByText("Ana Torres").waitFor();
  const asked = network.all().filter(({ path }) => path !== "/v1/sessions" && !isIcon(path));
  assert(asked.length <= 3, asked.map(({ method, path }) => `${method} ${path}`).join("\n"));
  const total = bytes([...before, ...network.all()]);
  t.diagnostic(`${total} bytes, ${asked.length} requests after log-in`);
  assert(total > 10 * kilobyte && total < 45 * kilobyte, `${total} bytes`);
});

test("a notice's link leads to its thread in three requests", async (t) => {
  const member = await harbor.newMember();
  const { thread } = await harbor.write(member, "Hello");
  const { context, newPage } = await openBrowser(t, phone);
  const page = await newPage();
  const network = await meter(context, page);
  await page.route("**/v1/sessions", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...await answer.json(), landing: { kind: "thread", id: thread.id } } });
  });
  await page.goto(await freshLink(member));
  await page.getByLabel("Month").waitFor();
  network.clear();
  await sayBirthDate(page, member.birthDate);
  await messages(page).getByText("Hello").waitFor();
  await until(async () => network.all().some(({ method }) => method === "PUT"), "what is shown to be marked read"); // and what that changes
  const asked = network.all().filter(({ path, method }) => method !== "POST" && !isIcon(path));
  asked.splice(asked.findIndex(({ method }) => method === "PUT"));
  assert(asked.length <= 3, asked.map(({ method, path }) => `${method} ${path}`).join("\n"));
});

test("a second visit asks for the page alone, and hears that it has it", async (t) => {
  const { context, newPage } = await openBrowser(t, phone);
  const first = await newPage();
  await first.goto(url);
  await first.getByLabel("Phone number or email address").waitFor();
  const second = await newPage();
  const network = await meter(context, second);
  await second.goto(url);
  await second.getByLabel("Phone number or email address").waitFor();
  assert.deepEqual(network.sent().filter(({ path }) => !isIcon(path)).map(({ path, bytes }) => [path, bytes]), [["/", 0]]);
});

test("while it polls nothing moves, and what did not change is not sent again", async (t) => {
  const member = await harbor.newMember({ programs: { diabetes: "cm-rivera", heart: "cm-chen" } });
  await harbor.write(member, "Hello Ana");
  await harbor.write(member, "Hello Ana, from your heart program", "heart", "cm-chen");
  const { page, watched } = await comeIn(t, { member, options: phone });
  for (const program of ["Living with Diabetes", "Heart Health"]) await activeChats(page).getByText(program).waitFor(); // the view is whole
  await page.clock.install();
  const network = await meter(watched.context, page);
  for (const view of ["chats", "messages"]) {
    if (view === "messages") {
      await openThread(page);
      await messages(page).getByText("Hello Ana").waitFor();
      await dot(page, "Chats, 1 unread message").waitFor();
    }
    const shifts = await watchShifts(page);
    network.clear();
    for (let polls = 1; polls <= 5; polls++) {
      await page.clock.runFor(11_000);
      await until(async () => network.all().filter(({ path, status }) => path.endsWith(view) && status === 304).length >= polls, `poll ${polls} of ${view}`);
    }
    assert.deepEqual(await shifts(), [], `${view} moved`);
    assert.equal(bytes(network.all().filter(({ status }) => status === 304)), 0);
  }
});

/** What the browser calls a layout shift, from now on. */
async function watchShifts(page) {
  await page.evaluate(() => {
    globalThis.shifts = [];
    globalThis.observer?.disconnect();
    globalThis.observer = new PerformanceObserver((list) => globalThis.shifts.push(...list.getEntries().map(({ sources }) => sources.map(({ node }) => node?.outerHTML ?? "").join())));
    globalThis.observer.observe({ type: "layout-shift" });
  });
  return () => page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => resolve(globalThis.shifts)))));
}

test("a page that nobody sees asks for nothing, and looks at once when it is seen again", async (t) => {
  const member = await harbor.newMember();
  await harbor.write(member, "Hello");
  const { page, watched } = await comeIn(t, { member });
  await activeChats(page).waitFor();
  await page.clock.install();
  await see(page, false);
  await page.clock.runFor(60_000); // whatever was on its way
  const network = await meter(watched.context, page);
  await page.clock.runFor(3_600_000);
  assert.deepEqual(network.all().filter(({ path }) => !isIcon(path)), []);
  await harbor.write(member, "News");
  await see(page, true);
  await dot(page, "Chats, 2 unread messages").waitFor();
});

/** As a browser says that a tab is in front, or behind another. */
const see = (page, seen) => page.evaluate((seen) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => !seen });
  Object.defineProperty(document, "visibilityState", { configurable: true, get: () => (seen ? "visible" : "hidden") });
  document.dispatchEvent(new Event("visibilitychange"));
}, seen);
