// A care manager's morning: by keyboard alone, beside the member, with colleagues, on a bad network, and with very much to do.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, box, closeTask, newCareManager, newMemberOf, opened, openRow, row, signIn, signedIn } from "./console.mjs";
import { comeIn, confirmation, dialog, dot, lookNow, messages, openBrowser, openThread, requestChat } from "./pages.mjs";
import { harbor, makeLate, url, until } from "./stack.mjs";

const titled = (page, title) => page.waitForFunction((wanted) => document.title === wanted, title);

test("twenty tasks by keyboard alone", async (t) => {
  const robin = await newCareManager();
  const names = Array.from({ length: 20 }, (_, i) => `Person ${String.fromCharCode(65 + i)}`);
  for (const name of names) await ask(await newMemberOf(robin, name), `I have a question, says ${name}.`);
  const { page } = await signedIn(t, robin);
  await page.locator(".row").nth(19).waitFor();
  await page.evaluate(() => {
    globalThis.pointed = 0;
    for (const kind of ["mousedown", "pointerdown", "touchstart"]) addEventListener(kind, () => globalThis.pointed++, true);
  });
  let presses = 0;
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
    presses += keys.length;
  };
  await press("j", "Enter");
  for (let done = 1; done <= 20; done++) {
    const name = await page.getByRole("heading", { level: 2 }).and(page.locator("#case-title")).innerText();
    await page.getByRole("article", { name: "Request" }).getByText(`says ${name}.`).waitFor();
    await press("r");
    await page.keyboard.insertText(`Thank you, ${name}.`); // what is written is not counted
    await press("Control+Enter");
    await page.getByRole("listitem").filter({ hasText: `Thank you, ${name}.` }).getByRole("time").waitFor();
    await press("Enter"); // the focus is on Close Task
    await dialog(page, "Close Task").waitFor();
    await press("A", "Enter"); // Answered
    await dialog(page, "Close Task").waitFor({ state: "detached" });
    if (done < 20) await page.waitForFunction((before) => document.getElementById("case-title")?.textContent !== before, name);
  }
  await until(async () => (await harbor.careManager("GET", "/tasks", undefined, robin.id)).items.length === 0, "no task to be left");
  assert.equal(await page.evaluate(() => globalThis.pointed), 0);
  console.log(`20 tasks took ${presses} presses of a key, ${presses / 20} each, beside the words themselves`);
});

test("the whole story, with the member's page beside the console", async (t) => {
  const robin = await newCareManager(), kim = await newCareManager("Kim Abel", robin.department);
  const member = await harbor.newMember({ programs: { diabetes: robin.id } });
  const { page, watched } = await signedIn(t, robin);
  const { page: app } = await comeIn(t, { member });
  await requestChat(app, "How I feel", "My feet tingle.");
  await confirmation(app).waitFor();
  await lookNow(page);
  await row(page, "Ana Torres").getByText("My feet tingle.").waitFor();
  await app.getByRole("button", { name: "Change the Reason" }).click();
  await dialog(app, "Change the Reason").getByLabel("Reason").selectOption({ label: "My medication" });
  await dialog(app, "Change the Reason").getByRole("button", { name: "Save" }).click();
  await confirmation(app).getByText("My medication", { exact: true }).waitFor();
  await lookNow(page);
  await row(page, "Ana Torres").getByText("My medication").waitFor();

  await openRow(page, "Ana Torres");
  await box(page).fill("Since when?");
  await box(page).press("Control+Enter");
  await page.getByRole("listitem").filter({ hasText: "Since when?" }).getByRole("time").waitFor();
  await lookNow(app);
  await dot(app, "Chats, 1 unread message").waitFor();
  await confirmation(app).waitFor(); // a message does not answer the request
  await openThread(app, "Robin Vega");
  await messages(app).getByText("Since when?").waitFor();
  await lookNow(page);
  await page.getByText("Seen").waitFor();

  await page.keyboard.press("l");
  await page.keyboard.press("Enter");
  await dialog(page, "Send a fresh link").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Details" }).click();
  await until(async () => {
    await lookNow(page);
    return await page.getByText("A log-in link went out by text, asked for by the care side.").count() > 0;
  }, "the link in the why-log");
  await page.getByRole("button", { name: "Close", exact: true }).click();

  await app.getByLabel("Message", { exact: true }).fill("Since Monday.");
  await app.getByRole("button", { name: "Send", exact: true }).click();
  await messages(app).filter({ hasText: "Since Monday." }).getByRole("time").waitFor();
  await lookNow(page);
  await page.getByRole("listitem").filter({ hasText: "Since Monday." }).waitFor();
  await lookNow(app);
  assert.equal(await app.getByText("Seen").count(), 0, "opening is not answering");
  await page.getByRole("button", { name: "Nothing to answer" }).click();
  await lookNow(app);
  await app.getByText("Seen").waitFor();

  await closeTask(page, "Called");
  await app.getByRole("link", { name: /^Back to Chats/ }).click();
  await lookNow(app);
  await confirmation(app).waitFor({ state: "detached" });

  await requestChat(app, "How I feel", "It is back.");
  await lookNow(page);
  await row(page, "Ana Torres").getByText("It is back.").waitFor();
  await openRow(page, "Ana Torres");
  await page.getByRole("article", { name: "Request" }).getByText("It is back.").waitFor();
  await app.getByRole("button", { name: "Cancel the Request" }).click();
  await app.getByRole("button", { name: "Yes, cancel it" }).click();
  await confirmation(app).waitFor({ state: "detached" });
  await lookNow(page);
  await page.getByText("Ana Torres cancelled the request.").waitFor(); // in place of Send, until looked at
  await page.getByRole("button", { name: "Look" }).click();

  watched.expect(/^404 GET /); // a look that comes after the hand-over
  await page.keyboard.press("a");
  await dialog(page, "Assign").getByLabel("To").selectOption({ label: "Kim Abel" });
  await dialog(page, "Assign").getByRole("button", { name: "Assign" }).click();
  await dialog(page, "Assign").waitFor({ state: "detached" });
  const { page: kims } = await signedIn(t, kim, { path: "/console/caseload" });
  await openRow(kims, "Ana Torres");
  await box(kims).fill("I look after you now.");
  await box(kims).press("Control+Enter");
  await kims.getByRole("listitem").filter({ hasText: "I look after you now." }).getByRole("time").waitFor();
  await lookNow(app);
  await openThread(app, "Kim Abel");
  await messages(app).getByText("I look after you now.").waitFor();
});

test("a vacation: what moves is said, both see it, the colleague answers in their own name, and it ends", async (t) => {
  const robin = await newCareManager(), kim = await newCareManager("Kim Abel", robin.department);
  const dina = await newMemberOf(robin, "Dina Haddad");
  await ask(dina, "I measured 14.2.");
  const { thread } = await harbor.write(dina, "How are you?", "diabetes", robin.id);
  await harbor.member(dina, "POST", `/members/me/threads/${thread.id}/messages`, { clientMessageId: crypto.randomUUID(), text: "Not so well." });
  const { page } = await signedIn(t, robin, { path: "/console/coverage" });
  await page.getByText("1 open task and 1 waiting chat,").waitFor();
  await page.getByLabel("to", { exact: true }).fill("2036-12-04T17:00");
  await page.getByLabel("covered by").selectOption({ label: "Kim Abel" });
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Kim Abel covers for you until December 4, 2036.").waitFor();

  const { page: kims, watched } = await signedIn(t, kim, { path: "/console/queue?scope=covering" });
  watched.expect(/^404 GET .*chat-requests/); // once it has ended
  await kims.getByText("You cover for Robin Vega until December 4, 2036.").waitFor();
  await row(kims, "Dina Haddad").getByText("for Robin Vega").waitFor();
  await openRow(kims, "Dina Haddad");
  await kims.getByText("You read Robin Vega's chat.").waitFor();
  assert.equal(await kims.getByRole("button", { name: /^Claim/ }).count(), 0, "who is covered keeps what is theirs");
  await box(kims).fill("I answer for Robin.");
  await box(kims).press("Control+Enter");
  await kims.getByRole("listitem").filter({ hasText: "I answer for Robin." }).getByRole("time").waitFor();
  await until(async () => (await harbor.careManager("GET", "/inbox", undefined, kim.id)).items.length === 0, "the answer to end the waiting in Robin's thread");

  await page.getByRole("banner").getByRole("button", { name: "End" }).click();
  await page.getByRole("banner").getByText("covers for you").waitFor({ state: "detached" });
  await lookNow(kims);
  await kims.getByText("You can read here, but not write").waitFor(); // the thread in Kim's name stays hers to read

  await kims.getByRole("link", { name: "Coverage" }).click(); // Robin has fallen ill
  await kims.getByLabel("Who is away").selectOption({ label: "Robin Vega" });
  await kims.getByLabel("to", { exact: true }).fill("2036-12-04T17:00");
  await kims.getByLabel("covered by").selectOption({ label: "Kim Abel" });
  await kims.getByRole("button", { name: "Save" }).click();
  await kims.getByText(/^Robin Vega is away from .* Kim Abel covers\.$/).waitFor();
  await kims.getByText("You cover for Robin Vega until December 4, 2036.").waitFor();
  await kims.getByRole("main").getByRole("button", { name: "End now" }).click();
  await kims.getByText("You cover for Robin Vega until").waitFor({ state: "detached" });
  await kims.getByText("Nobody covers for Robin Vega").waitFor();
});

test("a colleague who was faster shows in place of Send, until it was looked at", async (t) => {
  const robin = await newCareManager(), kim = await newCareManager("Kim Abel", robin.department);
  const dina = await harbor.newMember({ displayName: "Dina Haddad", programs: {} });
  await harbor.platform("PUT", "/programs/diabetes", { name: "Living with Diabetes", kind: "guided", departmentId: "nurses" });
  await harbor.platform("PUT", `/members/${dina.id}/enrollments/diabetes`, { state: "active" });
  await harbor.platform("POST", `/members/${dina.id}/enrollments/diabetes/assign`, { departmentId: robin.department });
  await ask(dina, "I measured 14.2.");
  const { page, watched } = await signedIn(t, robin, { path: "/console/queue?scope=department" });
  watched.expect(/^409 POST .*claim$/);
  watched.expect(/^404 GET .*chats$/); // whose it is now may not be seen by others
  await openRow(page, "Dina Haddad");
  await box(page).fill("I call you.");
  await harbor.write(dina, "Kim here.", "diabetes", kim.id);
  await lookNow(page);
  await page.getByText(/Kim Abel answered 1 min ago\./).waitFor();
  assert.equal(await page.getByRole("button", { name: "Send", exact: true }).count(), 0);
  await box(page).press("Control+Enter");
  await page.getByRole("button", { name: "Look" }).click();
  await page.getByRole("listitem").filter({ hasText: "Kim here." }).waitFor();
  await page.getByRole("button", { name: "Send", exact: true }).waitFor();
  assert.equal(await box(page).inputValue(), "I call you."); // nothing went out unseen

  await page.route("**/v1/tasks?**", (route) => route.abort()); // the list is as it was a moment ago
  await harbor.careManager("POST", `/members/${dina.id}/enrollments/diabetes/claim`, undefined, kim.id);
  await row(page, "Dina Haddad").getByRole("button", { name: "Claim" }).click();
  await row(page, "Dina Haddad").getByText("Kim Abel was faster and has it now.").waitFor();
  assert.equal(await box(page).inputValue(), "I call you.");
  const { items } = await harbor.careManager("GET", "/caseload", undefined, kim.id);
  assert.equal(items[0].owner.id, kim.id);
});

test("claiming, handing over, and a list that holds still meanwhile", async (t) => {
  const robin = await newCareManager(), kim = await newCareManager("Kim Abel", robin.department);
  const dina = await newMemberOf(robin, "Dina Haddad");
  await ask(dina, "I measured 14.2.");
  const { page, watched } = await signedIn(t, robin);
  watched.expect(/^404 GET .*chats$/); // a look that comes after the hand-over
  await openRow(page, "Dina Haddad");
  const george = await newMemberOf(robin, "George Li");
  await ask(george, "A question");
  await lookNow(page);
  await until(async () => {
    await lookNow(page);
    return await page.getByText("1 new").count() > 0 || await row(page, "George Li").count() > 0;
  }, "the news of George");
  await page.keyboard.press("a");
  await dialog(page, "Assign").getByLabel("To").selectOption({ label: "Kim Abel" });
  await dialog(page, "Assign").getByRole("button", { name: "Assign" }).click();
  await row(page, "Dina Haddad").getByText("Handed over").waitFor();
  assert.equal((await harbor.careManager("GET", "/tasks", undefined, kim.id)).items[0].member.displayName, "Dina Haddad");

  await harbor.platform("POST", `/members/${george.id}/enrollments/diabetes/assign`, { departmentId: robin.department });
  await page.getByLabel("Whose").selectOption("department");
  const [claim] = await Promise.all([page.waitForRequest(/claim$/), row(page, "George Li").getByRole("button", { name: "Claim George Li" }).click()]);
  assert.match(await claim.headerValue("if-match"), /^"\d+"$/); // of what was seen
  await row(page, "George Li").getByText("Yours now").waitFor(); // the focus stays in the row, so the list holds still
  await until(async () => {
    const { items } = await harbor.careManager("GET", "/caseload", undefined, robin.id);
    return items.some(({ member, owner }) => member.id === george.id && owner.id === robin.id);
  }, "George's owner");
});

test("on a bad network the list says of when it is, and what was written goes out later, in order", async (t) => {
  const robin = await newCareManager();
  const dina = await newMemberOf(robin, "Dina Haddad");
  await ask(dina, "I measured 14.2.");
  const { page } = await signedIn(t, robin);
  await openRow(page, "Dina Haddad");
  await page.getByRole("article", { name: "Request" }).waitFor();
  let isDown = true;
  await page.route("**/v1/**", (route) => isDown ? route.abort() : route.continue());
  await lookNow(page);
  await page.getByText(/^As of \d+:\d\d/).waitFor();
  for (const text of ["One", "Two"]) {
    await box(page).fill(text);
    await box(page).press("Control+Enter");
  }
  await page.getByText("Not sent yet. It goes out by itself.").first().waitFor();
  await closeTask(page);
  await page.getByText("Not closed yet. It closes by itself.").first().waitFor();
  await row(page, "Dina Haddad").getByText("Not sent").waitFor();
  await page.keyboard.press("a"); // whose somebody is does not wait
  await dialog(page, "Assign").getByLabel("To").selectOption({ label: "Team of Robin Vega (department)" });
  await dialog(page, "Assign").getByRole("button", { name: "Assign" }).click();
  await dialog(page, "Assign").getByText("There is no connection. Please try again.").waitFor();
  await page.reload(); // what waits is kept
  isDown = false;
  await opened(page, "Dina Haddad").waitFor();
  await until(async () => {
    const { threads } = await harbor.member(dina, "GET", "/members/me/chats");
    return threads[0]?.lastSeq === 2 && threads[0].lastMessage.preview === "Two";
  }, "both messages in their order");
  await until(async () => (await harbor.careManager("GET", "/tasks", undefined, robin.id)).items.length === 0, "the close, after both");
});

test("what is late comes first, in words; a colleague sees whose it is and claims it, and its owner reads so in place", async (t) => {
  const robin = await newCareManager(), kim = await newCareManager("Kim Abel", robin.department);
  const dina = await newMemberOf(robin, "Dina Haddad"), george = await newMemberOf(robin, "George Li");
  await harbor.platform("POST", `/members/${dina.id}/enrollments/diabetes/assign`, { departmentId: robin.department }); // whose department it is
  await harbor.careManager("POST", `/members/${dina.id}/enrollments/diabetes/claim`, undefined, robin.id);
  await ask(george, "Can we move my appointment?");
  await ask(dina, "I measured 14.2.");
  await makeLate(dina);
  const { page } = await signedIn(t, robin);
  await page.getByRole("heading", { name: "Late 1" }).waitFor();
  await titled(page, "(1 late) Queue · Care Chats");
  assert.deepEqual(await page.locator(".row .name").allInnerTexts(), ["Dina Haddad", "George Li"]);
  await row(page, "Dina Haddad").getByText("1 h late").waitFor();
  await openRow(page, "Dina Haddad");
  await box(page).fill("Half a thought");

  const { page: kims, watched } = await signedIn(t, kim, { path: "/console/queue?scope=department" });
  watched.expect(/^404 GET .*chats$/);
  await kims.getByRole("heading", { name: "Late 1" }).waitFor();
  await row(kims, "Dina Haddad").getByText("Robin Vega").waitFor();
  await kims.route("**/claim", (route) => route.abort());
  await row(kims, "Dina Haddad").getByRole("button", { name: "Claim Dina Haddad" }).click();
  await row(kims, "Dina Haddad").getByText("There is no connection. Please try again.").waitFor();
  await kims.unroute("**/claim");
  await row(kims, "Dina Haddad").getByRole("button", { name: "Claim Dina Haddad" }).click();
  await row(kims, "Dina Haddad").getByText("Robin Vega").waitFor({ state: "detached" });
  assert.equal(await row(kims, "Dina Haddad").getByText("There is no connection").count(), 0, "what went wrong before is said still");
  assert(await row(kims, "Dina Haddad").getByRole("link").evaluate((link) => link === document.activeElement), "the focus left the row");

  await lookNow(page);
  await row(page, "Dina Haddad").getByText("Done elsewhere").waitFor(); // it stays in its place
  await page.getByText("Kim Abel has claimed this.").waitFor(); // in place of Send
  assert.equal(await page.getByRole("button", { name: "Send", exact: true }).count(), 0);
  assert.equal(await page.locator(".row").count(), 2);
});

test("a notification says how much is new and not of whom", async (t) => {
  const robin = await newCareManager();
  const watched = await openBrowser(t);
  await watched.context.addInitScript(() => {
    const told = (globalThis.told = []);
    globalThis.Notification = class { static permission = "granted"; constructor(title, { body }) { told.push(`${title}: ${body}`); } };
  });
  const page = await watched.newPage();
  await page.clock.install();
  await page.goto(`${url}/console`);
  await signIn(page, robin);
  await page.getByText("No open task.").waitFor();
  await Promise.all([page.waitForResponse(/\/v1\/inbox/), page.waitForResponse(/\/v1\/tasks/), page.evaluate(() => {
    Object.defineProperty(document, "hidden", { get: () => true });
    document.dispatchEvent(new Event("visibilitychange"));
  })]);
  await ask(await newMemberOf(robin, "Dina Haddad"), "I measured 14.2.");
  await page.clock.runFor(61_000);
  await page.waitForFunction(() => globalThis.told.length > 0);
  assert.deepEqual(await page.evaluate(() => globalThis.told), ["Care Chats: 1 new task or message"]);
});

test("in Spanish", async (t) => {
  const robin = await newCareManager();
  await ask(await newMemberOf(robin, "Dina Haddad"), "Me siento mal.");
  const { page } = await signedIn(t, robin, { options: { locale: "es-MX" } });
  await titled(page, "Pendientes · Care Chats");
  assert.equal(await page.evaluate(() => document.documentElement.lang), "es");
  await openRow(page, "Dina Haddad");
  await page.getByRole("button", { name: "Cerrar tarea" }).waitFor();
  await page.getByText("Robin Vega").first().click();
  await page.getByRole("button", { name: "English" }).click();
  await page.getByRole("button", { name: "Close Task" }).waitFor();
});

