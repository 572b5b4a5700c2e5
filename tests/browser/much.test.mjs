// A console with very much to do, and with people whose names and words are hostile.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, newCareManager, newMemberOf, opened, row, signedIn } from "./console.mjs";
import { checkWidth, dialog, lookNow } from "./pages.mjs";
import { harbor } from "./stack.mjs";

const json = (body) => ({ status: 200, contentType: "application/json", headers: { etag: `"${body.items.length}-${body.items[0]?.id}"`, "poll-after": "4" }, body: JSON.stringify(body) });

/** The API's lists as a very busy care manager would have them, page by page. */
async function busy(page, me) {
  const person = (i) => ({ id: `busy-${i}`, displayName: `Person Number ${i}` }), program = { id: "diabetes", name: "Living with Diabetes" };
  const owner = { kind: "careManager", id: me.id, displayName: me.name }, at = new Date().toISOString();
  const tasks = Array.from({ length: 500 }, (_, i) => ({
    id: `req_${i}`, url: `/v1/members/busy-${i}/chat-requests/req_${i}`, member: person(i), program, reason: { id: "symptoms", label: "How I feel" }, owner, version: 1,
    excerpt: "A question that is as long as questions are, about tablets and feet and sleep.", createdAt: at, dueAt: i < 20 ? at : new Date(Date.now() + 86_400_000).toISOString(), overdue: i < 20,
  }));
  const threads = Array.from({ length: 200 }, (_, i) => ({
    id: `thr_${i}`, url: `/v1/members/busy-${i}/threads/thr_${i}`, member: person(i), program, owner, careManager: { id: me.id, displayName: me.name }, state: "active",
    lastSeq: 3, unreadCount: 2, updatedAt: at, waitingSince: at, canReply: { allowed: true },
    lastMessage: { seq: 3, author: { role: "member", displayName: `Person Number ${i}`, isMe: false }, preview: "Are you there?", sentAt: at },
  }));
  const paged = (all, more = {}) => (route) => {
    const from = Number(new URL(route.request().url()).searchParams.get("cursor") ?? 0), next = from + 50;
    return route.fulfill(json({ items: all.slice(from, next), ...(next < all.length && { nextCursor: String(next) }), ...more }));
  };
  await page.route("**/v1/tasks?**", paged(tasks));
  await page.route("**/v1/inbox?**", paged(threads, { tasks: { open: 100, overdue: 20 } }));
}

test("500 tasks: the first row within a second, no long task while scrolling, and memory stays flat", async (t) => {
  const robin = await newCareManager();
  const { page, watched } = await signedIn(t, robin);
  await page.getByText("No open task.").waitFor();
  await busy(page, robin);
  const cdp = await watched.context.newCDPSession(page);
  await cdp.send("Network.emulateNetworkConditions", { offline: false, latency: 20, downloadThroughput: 10_000_000 / 8, uploadThroughput: 5_000_000 / 8 });
  const started = Date.now();
  await page.reload();
  await page.locator(".row").first().waitFor();
  const first = Date.now() - started;
  await page.getByRole("heading", { name: /^Late 20/ }).waitFor();
  await page.waitForFunction(() => document.title === "(20 late) Queue · Care Chats");

  await page.evaluate(() => {
    const long = (globalThis.long = []);
    new PerformanceObserver((list) => long.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: "longtask" });
  });
  const rows = page.locator(".rows");
  for (let step = 0; step < 60 && await page.locator(".row").count() < 500; step++) {
    await rows.evaluate((list) => list.scrollBy(0, 1500));
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
  }
  await page.locator(".row").nth(499).waitFor();
  const long = await page.evaluate(() => globalThis.long);

  const used = async () => {
    for (let times = 0; times < 3; times++) await cdp.send("HeapProfiler.collectGarbage");
    return (await cdp.send("Runtime.getHeapUsage")).usedSize;
  };
  const poll = (times) => page.evaluate(async (times) => {
    for (let i = 0; i < times; i++) {
      dispatchEvent(new Event("focus"));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }, times);
  await poll(20);
  const before = await used();
  await poll(200);
  let grown = await used() - before;
  for (let more = 0; more < 5 && grown > 1_000_000; more++) { // what is on its way goes again; what leaks stays
    await poll(20);
    grown = Math.min(grown, await used() - before);
  }
  console.log(`first row after ${first} ms; ${long.length} long tasks while scrolling, the longest ${Math.round(Math.max(0, ...long))} ms; ${Math.round(grown / 1024)} KB more after 200 polls`);
  assert(first < 15_000, `the first row came after ${first} ms`); // a second on an idle machine; this one runs other tests too
  assert(Math.max(0, ...long) < 1000, `a task of ${Math.max(...long)} ms while scrolling`); // 100 ms on an idle machine
  assert(grown < 4_000_000, `${grown} bytes more after 200 polls`);

  await page.getByRole("link", { name: /^Inbox/ }).click();
  await page.getByRole("link", { name: /^Inbox (50|100|150|200)/ }).waitFor(); // as far as it was read: it goes on by itself
  await row(page, "Person Number 0").first().getByText("2 messages").waitFor();
});

test("hostile names and words stay words", async (t) => {
  const evil = "<img src=x onerror=alert(1)>\u202Eevil</script>";
  const robin = await newCareManager(evil), kim = await newCareManager(`Kim ${evil}`, robin.department);
  const dina = await newMemberOf(robin, evil);
  await ask(dina, `${evil} ${"long".repeat(60)} javascript:alert(1) https://example.org/?q="><svg onload=alert(1)>`);
  const { thread } = await harbor.write(dina, "How are you?", "diabetes", robin.id);
  await harbor.member(dina, "POST", `/members/me/threads/${thread.id}/messages`, { clientMessageId: crypto.randomUUID(), text: `${evil} ${"x".repeat(500)}` });
  await harbor.careManager("PUT", "/care-managers/me/coverages/away", { coverId: kim.id, from: new Date().toISOString(), to: "2036-12-04T00:00:00.000Z" }, robin.id);
  const { page } = await signedIn(t, robin); // which fails on a dialog, an error, or a violation of the policy
  await page.getByText("covers for you").waitFor();
  await row(page, "evil").getByRole("link").click();
  await opened(page, evil).waitFor();
  await page.getByRole("log").getByText("evil").first().waitFor();
  await page.keyboard.press("]");
  await page.getByRole("complementary").waitFor();
  for (const key of ["e", "a"]) {
    await page.keyboard.press(key);
    await dialog(page, key === "e" ? "Close Task" : "Assign").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  }
  assert.equal(await page.locator("img, script:not([src]), svg[onload], a[href^='javascript']").count(), 0);
  await checkWidth(page, "hostile words");
  await page.setViewportSize({ width: 320, height: 600 });
  await checkWidth(page, "hostile words at 320");
  for (const view of ["i", "c", "v"]) {
    await page.keyboard.press("g");
    await page.keyboard.press(view);
    await lookNow(page);
    await checkWidth(page, `hostile words in ${view} at 320`);
  }
});
