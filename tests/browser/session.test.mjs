// Coming in, staying in, being put out, and going.

import assert from "node:assert/strict";
import { test } from "node:test";
import { activeChats, check, comeIn, dialog, logIn, lookNow, messageBox, messages, openBrowser, openThread, phone, sayBirthDate } from "./pages.mjs";
import { freshLink, harbor, linkFor, url } from "./stack.mjs";

test("a link is asked for with a phone as people write it", async (t) => {
  const member = await harbor.newMember();
  const page = await (await openBrowser(t, phone)).newPage();
  await page.goto(url);
  await page.getByLabel("Phone number or email address").fill(member.phone.slice(2));
  await check(page, "asking for a link");
  await page.getByRole("button", { name: "Send Me a Link" }).click();
  await page.getByText("We have sent it if we know you.").waitFor();
  await page.getByLabel("Phone number or email address").fill("somebody@example.org");
  assert.equal(await page.getByText("We have sent it").count(), 0, "it is said of what was not sent");
  await logIn(page, await linkFor(member.phone), member);
});

test("the link leaves the address bar and the history at once, and no request's address holds a secret", async (t) => {
  const member = await harbor.newMember();
  const link = await freshLink(member);
  const { newPage, context } = await openBrowser(t);
  const secret = link.split("/#/l/")[1], addresses = [];
  context.on("request", (request) => addresses.push(request.url()));
  const page = await newPage();
  await page.goto(link);
  await page.getByLabel("Month").waitFor();
  assert.equal(page.url(), `${url}/`);
  await sayBirthDate(page, member.birthDate);
  await page.getByRole("navigation").waitFor();
  const token = await page.evaluate(() => Object.values(sessionStorage).find((value) => /^m\.harbor\./.test(value)));
  assert(token, "the session is not where this test looks for it");
  await page.goBack();
  assert(!page.url().includes(secret));
  assert(addresses.length > 3);
  assert.deepEqual(addresses.filter((address) => address.includes(secret) || address.includes(token)), []);
});

test("who gives another birth date or none that there is hears it, and comes in with the right one", async (t) => {
  const member = await harbor.newMember();
  const { newPage, expect } = await openBrowser(t);
  const page = await newPage();
  await page.goto(await freshLink(member));
  await sayBirthDate(page, "1970-02-31");
  await page.getByText("That is not a date.").waitFor();
  await sayBirthDate(page, "1970-02-04");
  await page.getByText("That is not the date of birth we have.").waitFor();
  await check(page, "a wrong birth date");
  await page.getByLabel("Day", { exact: true }).fill("3");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("navigation").waitFor();
});

test("on the smallest phone what is wrong with a birth date stands in sight, above the fields", async (t) => {
  const member = await harbor.newMember();
  const { newPage, expect } = await openBrowser(t, { ...phone, viewport: { width: 320, height: 568 }, locale: "es-MX" });
  const page = await newPage();
  await page.goto(await freshLink(member));
  await sayBirthDate(page, "1970-02-04");
  const error = page.getByRole("alert");
  await error.getByText("Esa no es la fecha").waitFor();
  const [said, field] = await Promise.all([error, page.getByLabel("Mes")].map((each) => each.boundingBox()));
  assert(said && field && said.y >= 0 && said.y + said.height <= field.y && field.y + field.height <= 568, JSON.stringify([said, field]));
});

test("guessing ends the link, and leads to a new one", async (t) => {
  const member = await harbor.newMember();
  const { newPage, expect } = await openBrowser(t);
  expect(/^410 POST .v1.sessions$/);
  const page = await newPage();
  await page.goto(await freshLink(member));
  for (let wrong = 1; wrong <= 5; wrong++) {
    const refused = page.waitForResponse("**/v1/sessions");
    await sayBirthDate(page, `1970-01-0${wrong}`);
    await refused;
    await page.getByRole("button", { name: "Continue", disabled: false }).waitFor();
  }
  await sayBirthDate(page, member.birthDate);
  await page.getByText("This link no longer works.").waitFor();
});

test("a link that is no longer good leads to a new one", async (t) => {
  const member = await harbor.newMember();
  const link = await freshLink(member);
  member.phone = await harbor.changePhone(member);
  const { newPage, expect } = await openBrowser(t, phone);
  expect(/^410 POST .v1.sessions$/);
  const page = await newPage();
  await page.goto(link); // which says so before anybody has said a birth date
  await page.getByText("This link no longer works.").waitFor();
  await check(page, "an old link");
  await page.getByLabel("Phone number or email address").fill(member.phone);
  await page.getByRole("button", { name: "Send Me a Link" }).click();
  await page.getByText("We have sent it if we know you.").waitFor();
  await logIn(page, await linkFor(member.phone), member);
});

test("a reload stays logged in, where one was", async (t) => {
  const member = await harbor.newMember();
  await harbor.write(member, "Hello");
  const { page } = await comeIn(t, { member });
  await openThread(page);
  await page.reload();
  await messages(page).getByText("Hello").waitFor();
});

test("a session that ended asks again, and what was written is still there", async (t) => {
  const member = await harbor.newMember();
  await harbor.write(member, "Hello");
  const { page, watched } = await comeIn(t, { member });
  watched.expect(/^401 /); // whatever is read at that moment
  const end = () => page.evaluate(async () => {
    const token = Object.values(sessionStorage).find((value) => value.startsWith("m."));
    await fetch("/v1/sessions/current", { method: "DELETE", headers: { Authorization: `Bearer ${token}` } });
    dispatchEvent(new Event("online")); // look at once
  });
  await page.getByRole("button", { name: "Request a Chat" }).click();
  await dialog(page, "Request a Chat").getByLabel("Comment").fill("My feet");
  await end();
  await page.getByText("Your session has ended.").waitFor();
  await sayBirthDate(page, member.birthDate);
  await page.getByText("You have an unfinished request.").waitFor();
  await page.getByRole("button", { name: "Continue" }).click();
  assert.equal(await dialog(page, "Request a Chat").getByLabel("Comment").inputValue(), "My feet");
  await page.keyboard.press("Escape");

  await openThread(page);
  await messageBox(page).fill("Half a thou");
  await end();
  await page.getByText("Your session has ended.").waitFor();
  await sayBirthDate(page, member.birthDate);
  await messages(page).getByText("Hello").waitFor();
  assert.equal(await messageBox(page).inputValue(), "Half a thou");
});

test("logging out leaves nothing behind in the tab", async (t) => {
  const member = await harbor.newMember();
  await harbor.write(member, "Hello");
  const { page, watched } = await comeIn(t, { member });
  watched.expect(/^401 GET /); // what was on its way at log-out
  await openThread(page);
  await messages(page).getByText("Hello").waitFor();
  await messageBox(page).fill("Half a thou");
  const kept = await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }, document.cookie]));
  assert(!kept.includes("Hello"), "a conversation is in the browser's storage");
  await page.getByRole("button", { name: "Log Out" }).click();
  await page.getByRole("button", { name: "Leave without sending" }).click();
  await page.getByText("You are logged out.").waitFor();
  assert.deepEqual(await page.evaluate(() => [sessionStorage.length, localStorage.length]), [0, 0]);
  await page.reload();
  await page.getByLabel("Phone number or email address").waitFor();
  assert.equal(await activeChats(page).count(), 0);
});

test("another member who comes in by the same tab finds nothing of the first", async (t) => {
  const first = await harbor.newMember(), second = await harbor.newMember({ displayName: "Eva Stone", birthDate: "1944-12-24" });
  for (const member of [first, second]) await harbor.write(member, `Hello ${member.displayName}`);
  const { page } = await comeIn(t, { member: first });
  await openThread(page);
  await messageBox(page).fill("Half a thou");
  await logIn(page, await freshLink(second), second);
  await openThread(page);
  await messages(page).getByText("Hello Eva Stone").waitFor();
  assert.equal(await messages(page).count(), 1);
  assert.equal(await messageBox(page).inputValue(), "");
});

test("what answers after another log-in does not end the new session, and shows nothing of who was there before", async (t) => {
  const first = await harbor.newMember(), second = await harbor.newMember({ displayName: "Eva Stone", birthDate: "1944-12-24" });
  for (const member of [first, second]) await harbor.write(member, `Hello ${member.displayName}`);
  await harbor.platform("PUT", `/members/${first.id}/enrollments/diabetes`, { state: "closed", careManagerId: "cm-rivera" }); // now a past chat
  const { newPage, expect } = await openBrowser(t);
  expect(/^401 GET .v1.members.me.threads$/);
  const page = await newPage();
  const past = "**/threads?state=inactive";
  const expired = { status: 401, contentType: "application/problem+json", body: JSON.stringify({ status: 401, code: "session-expired" }) };
  for (const outcome of [async (route) => route.fulfill({ response: await route.fetch() }), (route) => route.fulfill(expired)]) {
    const asked = new Promise((resolve) => page.route(past, resolve, { times: 1 }));
    await logIn(page, await freshLink(first), first);
    const slow = await asked;
    await logIn(page, await freshLink(second), second);
    await activeChats(page).getByText("Hello Eva Stone").waitFor();
    await Promise.all([page.waitForResponse(past), outcome(slow)]);
    await Promise.all([page.waitForResponse("**/chats"), lookNow(page)]); // what came before was dealt with
    assert.equal(await page.getByText("Hello Ana").count(), 0, "a chat of the first member");
    assert.equal(await activeChats(page).count(), 1, "the second member was put out");
  }
});

test("what the first member could not send is not sent by the next one, whom the page does not know yet", async (t) => {
  const first = await harbor.newMember(), second = await harbor.newMember({ displayName: "Eva Stone", birthDate: "1944-12-24" });
  const threads = [];
  for (const member of [first, second]) threads.push((await harbor.write(member, `Hello ${member.displayName}`)).thread);
  assert.equal(threads[0].id, threads[1].id);
  const { page } = await comeIn(t, { member: first });
  await openThread(page);
  await messages(page).getByText("Hello").waitFor();
  await page.route("**/messages", (route) => route.abort());
  await messageBox(page).fill("From Ana");
  await messageBox(page).press("Enter");
  await page.getByText("Not sent yet.").waitFor();
  await page.unrouteAll();

  await page.clock.install();
  const asked = new Promise((resolve) => page.route("**/me", resolve, { times: 1 }));
  await page.goto(await freshLink(second));
  await sayBirthDate(page, second.birthDate);
  const who = await asked;
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await page.clock.runFor(4000); // until the connection has settled
  await who.continue();
  await openThread(page);
  await messages(page).getByText("Hello Eva Stone").waitFor();
  assert.deepEqual(await harbor.storedTexts(second, threads[1]), ["Hello Eva Stone"]);
});
