// A care manager's morning: by keyboard alone, beside the member, on a bad network, and in Spanish.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, box, closeTask, newCareManager, newMemberOf, opened, openRow, row, signIn, signedIn, titled } from "./console.mjs";
import { comeIn, confirmation, dialog, dot, lookNow, messages, openBrowser, openThread, requestChat } from "./pages.mjs";
import { harbor, url, until } from "./stack.mjs";

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
