// The console: from signing in to the last task that is closed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, box, closeTask, newCareManager, newMemberOf, opened, openRow, row, signedIn, signIn, titled } from "./console.mjs";
import { check, checkWidth, dialog, lookNow, openBrowser, phone, picture } from "./pages.mjs";
import { harbor, until, url } from "./stack.mjs";

const hasFocus = (target) => target.evaluate((element) => element === document.activeElement);

test("a care manager signs in, answers, closes the task, and the next one opens", async (t) => {
  const robin = await newCareManager();
  const dina = await newMemberOf(robin, "Dina Haddad"), george = await newMemberOf(robin, "George Li");
  await ask(dina, "I measured 14.2 before breakfast.");
  await ask(george, "Can we move my appointment?", "appointment");
  const { page } = await signedIn(t, robin);
  await titled(page, "Queue · Care Chats");
  await row(page, "Dina Haddad").getByText("I measured 14.2 before breakfast.").waitFor(); // to know which, nothing need be opened
  assert.equal(await page.locator(".row").count(), 2);

  await openRow(page, "Dina Haddad");
  await page.getByRole("article", { name: "Request" }).getByText("I measured 14.2 before breakfast.").waitFor();
  await box(page).pressSequentially("Thank you, Dina.");
  await box(page).press("Enter");
  await box(page).pressSequentially("I call you at ten.");
  await page.getByRole("button", { name: "Send", description: "Send to Dina Haddad" }).waitFor();
  await box(page).press("Control+Enter");
  await page.getByRole("listitem").filter({ hasText: "I call you at ten." }).getByRole("time").waitFor();
  assert(await hasFocus(page.getByRole("button", { name: "Close Task" })), "after sending, the focus is where one goes on");
  await row(page, "Dina Haddad").waitFor(); // a message does not answer the request

  await closeTask(page);
  await opened(page, "George Li").waitFor();
  assert(await hasFocus(opened(page, "George Li")));
  await row(page, "Dina Haddad").getByText("Closed").waitFor(); // it stays in its place until one moves on
  const { threads } = await harbor.member(dina, "GET", "/members/me/chats");
  assert.equal(threads[0].lastMessage.preview, "Thank you, Dina. I call you at ten.");

  await page.reload(); // the provider knows who it is, so nobody is asked
  await opened(page, "George Li").waitFor();
  assert.equal(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }).includes("eyJ")), false, "a token is kept");
  await closeTask(page);
  await page.getByText("No open task.").or(row(page, "George Li").getByText("Closed")).first().waitFor();
});

test("what was opened and left still waits, and only an answer or an act ends that", async (t) => {
  const robin = await newCareManager();
  const dina = await newMemberOf(robin, "Dina Haddad"), george = await newMemberOf(robin, "George Li");
  let answer;
  for (const member of [dina, george]) {
    const { thread } = await harbor.write(member, "How are you?", "diabetes", robin.id);
    answer = (text) => harbor.member(member, "POST", `/members/me/threads/${thread.id}/messages`, { clientMessageId: crypto.randomUUID(), text });
    await answer(`Not so well.${"\n".repeat(60)}Sorry.`);
  }
  const { page } = await signedIn(t, robin, { path: "/console/inbox" });
  const waiting = async () => (await harbor.careManager("GET", "/inbox", undefined, robin.id)).items.map(({ member }) => member.displayName);
  await openRow(page, "Dina Haddad");
  await page.getByRole("log").getByText("Not so well.").waitFor();
  await page.keyboard.press("Escape");
  assert(await hasFocus(row(page, "Dina Haddad").getByRole("link")), "the focus did not go back to the same row");
  assert.deepEqual(await waiting(), ["Dina Haddad", "George Li"]);

  await openRow(page, "Dina Haddad");
  await box(page).fill("I call you.");
  await box(page).press("Control+Enter");
  await row(page, "Dina Haddad").getByText("Answered").waitFor();
  await openRow(page, "George Li");
  await page.getByRole("log").getByText("Not so well.").waitFor();
  await until(() => page.locator(".scroll").evaluate((scroll) => {
    scroll.scrollTo(0, 0);
    return new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(scroll.scrollTop === 0))));
  }), "the beginning in sight");
  await answer("I fell.");
  await lookNow(page);
  await page.getByText("George Li: I fell.").waitFor(); // for whoever cannot see
  await page.getByRole("button", { name: "See the new message" }).click();
  await page.getByRole("button", { name: "See the new message" }).waitFor({ state: "detached" });
  await page.route("**/messages**", (route) => route.abort());
  await answer("And again.");
  await until(async () => {
    await lookNow(page);
    return await row(page, "George Li").getByText("3 messages").count() > 0;
  }, "the list to know of what is not shown yet");
  await page.getByRole("button", { name: "Nothing to answer" }).click();
  await row(page, "George Li").getByText("1 message").waitFor();
  assert.deepEqual(await waiting(), ["George Li"], "what was never shown is dealt with");
  await page.unroute("**/messages**");
  await openRow(page, "George Li");
  await page.getByRole("log").getByText("And again.").waitFor();
  await page.getByRole("button", { name: "Nothing to answer" }).click();
  await until(async () => (await waiting()).length === 0, "nobody to wait any more");
  await page.getByRole("link", { name: "Not read by members" }).click();
  await page.getByText("No message has gone unread for long.").waitFor();
});

test("a person in two programs is one row, which goes when the last task is closed", async (t) => {
  const robin = await newCareManager();
  const dina = await newMemberOf(robin, "Dina Haddad", { programs: { diabetes: robin.id, heart: robin.id } });
  await ask(dina, "I measured 14.2.");
  const { thread } = await harbor.write(dina, "How are you?", "heart", robin.id);
  await harbor.member(dina, "POST", `/members/me/threads/${thread.id}/messages`, { clientMessageId: crypto.randomUUID(), text: "My heart beats fast." });
  const george = await newMemberOf(robin, "George Li");
  await ask(george, "Can we move my appointment?", "appointment");
  const { page } = await signedIn(t, robin);
  await row(page, "Dina Haddad").getByText("+ Heart Health, 1 message").waitFor();
  assert.equal(await page.locator(".row").count(), 2);
  await openRow(page, "Dina Haddad");
  await page.getByRole("article", { name: "Request" }).getByText("I measured 14.2.").waitFor();
  await page.getByRole("navigation", { name: "Chats with this person" }).getByRole("link", { name: /^Heart Health/ }).click();
  await page.getByRole("log").getByText("My heart beats fast.").waitFor();
  await page.getByRole("button", { name: "Nothing to answer" }).click();
  await row(page, "Dina Haddad").getByText("+ Heart Health").waitFor({ state: "detached" });
  await row(page, "Dina Haddad").getByRole("link").click();
  await closeTask(page);
  await opened(page, "George Li").waitFor();
  await row(page, "Dina Haddad").getByText("Closed").waitFor();
});

test("a draft outlives signing out, and goes to nobody else", async (t) => {
  const robin = await newCareManager(), kim = await newCareManager("Kim Abel", robin.department);
  const dina = await newMemberOf(robin, "Dina Haddad");
  await ask(dina, "My feet");
  const { page, watched } = await signedIn(t, robin);
  watched.expect(/^401 GET /); // what was on its way
  watched.expect(/^404 GET /); // a colleague opens the same address
  await openRow(page, "Dina Haddad");
  await box(page).fill("Half a thought");
  const other = await watched.newPage();
  await other.goto(`${url}/console`);
  await signIn(other, robin);
  await page.getByText("Robin Vega").click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByText("You are signed out. Your drafts are kept.").waitFor();
  await other.getByText("You are signed out.").waitFor(); // in every tab
  assert.equal(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }).includes("Half a thought")), false, "the draft can be read");
  const asksAnew = page.waitForRequest(/[?&]prompt=login/); // the provider's session is still there
  await signIn(page, robin);
  await asksAnew;
  await opened(page, "Dina Haddad").waitFor(); // the address was kept too
  await page.waitForFunction(() => document.querySelector("textarea")?.value === "Half a thought");
  await other.close();
  await page.getByText("Robin Vega").click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await signIn(page, kim);
  await page.getByText("This person is not in your care").waitFor();
  assert.equal(await page.getByRole("button", { name: /Assign|Details/ }).count(), 0);
  assert.equal(await page.getByText("Half a thought").count(), 0);
});

test("a key is never lost: right after a dialog, before a person is there, and after an act that is on its way", async (t) => {
  const robin = await newCareManager();
  for (const name of ["Dina Haddad", "George Li", "Hana Park"]) await ask(await newMemberOf(robin, name), `A question, says ${name}.`);
  const { page } = await signedIn(t, robin);
  await openRow(page, "Dina Haddad");
  await page.getByRole("button", { name: "Close Task" }).waitFor();
  const titles = { e: "Close Task", a: "Assign", l: "Send a fresh link", "?": "Keyboard shortcuts" };
  const shown = await page.evaluate(async (keys) => {
    const shown = [], ask = () => document.querySelector("dialog");
    const until = async (isThere) => { for (let waits = 0; waits < 3000 && Boolean(ask()) !== isThere; waits++) await new Promise((resolve) => setTimeout(resolve, 10)); };
    for (const before of keys) for (const next of keys) {
      dispatchEvent(new KeyboardEvent("keydown", { key: before }));
      await until(true);
      ask().dispatchEvent(new Event("cancel", { cancelable: true })); // Escape
      dispatchEvent(new KeyboardEvent("keydown", { key: next })); // before the browser has said that the first one is closed
      await until(true);
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      shown.push([before, next, document.querySelector("dialog[open] h2")?.textContent]);
      ask()?.close(); // as a browser does that does not ask
      await until(false);
    }
    return shown;
  }, Object.keys(titles));
  assert.deepEqual(shown, shown.map(([before, next]) => [before, next, titles[next]]));
  await page.keyboard.press("e");
  await dialog(page, "Close Task").waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("j"); // while the dialog's entry is leaving the history
  await opened(page, "George Li").waitFor();

  const hold = async (path) => {
    let letGo = () => {};
    const held = new Promise((resolve) => (letGo = () => resolve(undefined)));
    await page.route(path, async (route) => (await held, await route.continue()));
    return () => letGo();
  };
  const close = await hold("**/close");
  await page.keyboard.press("e");
  await dialog(page, "Close Task").waitFor();
  await page.keyboard.press("A"); // Answered
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await page.keyboard.press("k"); // who moves on before it is closed stays where they went
  await opened(page, "Dina Haddad").waitFor();
  close();
  await row(page, "George Li").getByText("Closed").waitFor();
  await opened(page, "Dina Haddad").waitFor();

  const release = await hold("**/chats");
  await page.keyboard.press("j");
  await opened(page, "Hana Park").waitFor();
  await page.keyboard.press("r");
  await page.keyboard.type("elan"); // letters that do something outside a field
  assert.equal(await box(page).inputValue(), "elan");
  await page.keyboard.press("Control+Enter");
  release();
  await page.getByRole("listitem").filter({ hasText: "elan" }).getByRole("time").waitFor();
  const again = await hold("**/chats");
  await page.keyboard.press("k");
  await opened(page, "Dina Haddad").waitFor();
  await page.keyboard.press("e");
  again();
  await dialog(page, "Close Task").waitFor();
});

test("everybody can use every view", async (t) => {
  const robin = await newCareManager();
  const dina = await newMemberOf(robin, "Dina Haddad");
  for (const [name, comment, reason] of [
    ["Ben Ortiz", "The new tablets make me dizzy in the morning. Should I take them at night?", "medication"], ["Carla Nguyen", "Can we move my appointment on Thursday?", "appointment"],
    ["Eamon O'Brien", "Is it safe to take ibuprofen with metformin?", "medication"], ["Hana Park", "I ran out of strips.", "other"],
  ]) await ask(await newMemberOf(robin, name), comment, reason);
  await ask(dina, "I measured 14.2 before breakfast, twice this week.");
  const { thread } = await harbor.write(dina, "Good morning, Dina. How are you today?", "diabetes", robin.id);
  for (const text of ["Not so well.", "I was very thirsty all night."]) {
    await harbor.member(dina, "POST", `/members/me/threads/${thread.id}/messages`, { clientMessageId: crypto.randomUUID(), text });
  }
  const { newPage, context } = await openBrowser(t, { viewport: { width: 1440, height: 860 } });
  await context.route("**/v1/inbox?list=unreadByMember", async (route) => { // as it is once a reminder went out, hours later
    const { items } = await harbor.careManager("GET", "/inbox", undefined, robin.id);
    await route.fulfill({ json: { items: items.map(({ waitingSince, ...thread }) => ({ ...thread, unreadCount: 0, unreadByMemberSince: waitingSince })) }, headers: { etag: '"1"', "poll-after": "10" } });
  });
  const page = await newPage();
  await page.goto(`${url}/console`);
  await page.getByRole("button", { name: "Sign in at Harbor Care" }).waitFor();
  await check(page, "signing in");
  await signIn(page, robin);
  await row(page, "Dina Haddad").waitFor();
  await check(page, "the queue");
  const edge = await page.locator(".list").evaluate((list) => list.getBoundingClientRect().right);
  for (const when of await page.locator(".when").all()) assert((await when.boundingBox()).x + (await when.boundingBox()).width <= edge, "the row is wider than the list");
  await openRow(page, "Dina Haddad");
  await page.getByRole("log").getByText("Not so well.").waitFor();
  await picture(page, "console");
  await page.keyboard.press("]");
  await page.getByRole("complementary", { name: "Details" }).waitFor();
  await check(page, "a person, with the side panel");
  await page.emulateMedia({ colorScheme: "dark" });
  await picture(page, "console-panel-dark");
  await page.emulateMedia({ colorScheme: "light" });
  for (const width of [1100, 720, 1440]) {
    await page.setViewportSize({ width, height: 860 });
    await checkWidth(page, `a person with the side panel at ${width}`);
  }
  await page.keyboard.press("e");
  await dialog(page, "Close Task").waitFor();
  await check(page, "closing a task");
  await page.keyboard.press("Escape");
  await dialog(page, "Close Task").waitFor({ state: "detached" });
  for (const [key, title] of [["a", "Assign"], ["l", "Send a fresh link"]]) {
    await page.keyboard.press(key);
    await dialog(page, title).waitFor();
    if (key === "a") await check(page, "handing over");
    await page.keyboard.press("Escape");
    await dialog(page, title).waitFor({ state: "detached" });
  }
  for (const [keys, name] of [["gi", "the inbox"], ["gc", "the caseload"], ["gv", "coverage"]]) {
    for (const key of keys) await page.keyboard.press(key);
    await titled(page, `${{ gi: "Inbox", gc: "Caseload", gv: "Coverage" }[keys]} · Care Chats`);
    await check(page, name);
    if (keys !== "gi") continue;
    await page.getByRole("link", { name: "Not read by members" }).click();
    await row(page, "Dina Haddad").getByText("not read for").waitFor();
    await check(page, "what members have not read");
  }
  await page.keyboard.press("?");
  await dialog(page, "Keyboard shortcuts").waitFor();
  await check(page, "the list of keys");
});

test("on a phone, and with letters twice as large, one column is shown at a time", async (t) => {
  const robin = await newCareManager();
  const dina = await newMemberOf(robin, "Dina Haddad");
  await ask(dina, "I measured 14.2 before breakfast.");
  const { page } = await signedIn(t, robin, { options: phone });
  for (const width of [390, 320, 195]) { // the last is a phone with letters twice as large
    await page.setViewportSize({ width, height: 700 });
    await checkWidth(page, `the queue at ${width}`);
    await openRow(page, "Dina Haddad");
    if (width === 390) await picture(page, "console-phone");
    if (width === 320) {
      await page.setViewportSize({ width, height: 568 });
      const [scroll, request] = await Promise.all([page.locator(".scroll").boundingBox(), page.locator(".request").boundingBox()]);
      assert(scroll.height - request.height > 568 / 2, `the conversation has ${scroll.height - request.height} of 568 pixels`);
    }
    await row(page, "Dina Haddad").waitFor({ state: "hidden" });
    assert((await page.locator(".request h3").boundingBox()).height < 60, `the reason stands in a letter a line at ${width}`);
    await checkWidth(page, `a person at ${width}`);
    await page.getByRole("link", { name: "Back to the list" }).click();
    await row(page, "Dina Haddad").waitFor();
  }
  await page.getByRole("link", { name: "Coverage" }).click();
  await page.getByLabel("I am away from").waitFor();
  await page.setViewportSize({ width: 195, height: 422 });
  const { isCut, height } = await page.locator(".list").evaluate((list) => ({ isCut: list.scrollWidth > list.clientWidth, height: list.clientHeight }));
  assert(!isCut && height > 200, `the form is in a list of ${height} pixels${isCut ? ", which is too narrow" : ""}`);
});
