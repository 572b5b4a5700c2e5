// Care managers who share work: a vacation, a colleague who was faster, hand-overs, and what is late.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, box, newCareManager, newMemberOf, openRow, row, signedIn, titled } from "./console.mjs";
import { activeChats, check, comeIn, confirmation, dialog, goBack, lookNow, messages } from "./pages.mjs";
import { harbor, makeLate, until } from "./stack.mjs";

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
  await page.getByText("Saved. Kim Abel covers for you.").waitFor();
  await page.getByLabel("to", { exact: true }).fill("2037-12-04T17:00");
  assert.equal(await page.getByText("Saved.").count(), 0, "what was changed since is not saved");
  const { page: app } = await comeIn(t, { member: dina });
  await activeChats(app).filter({ hasText: "Robin Vega" }).getByText(/^Kim Abel covers until .*December 4/).waitFor();

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
  await lookNow(app);
  await activeChats(app).filter({ hasText: "I answer for Robin." }).click();
  await messages(app).getByText("I answer for Robin.").waitFor();
  await goBack(app);

  await page.getByRole("banner").getByRole("button", { name: "End" }).click();
  await dialog(page, "End this coverage now?").getByRole("button", { name: "Cancel" }).click();
  await dialog(page, "End this coverage now?").waitFor({ state: "detached" });
  await page.getByRole("banner").getByRole("button", { name: "End" }).click();
  await page.getByRole("button", { name: "Yes, end it" }).click();
  await page.getByRole("banner").getByText("covers for you").waitFor({ state: "detached" });
  await lookNow(app);
  await app.getByText(/^Kim Abel covers/).waitFor({ state: "detached" });
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
  await check(kims, "ending a coverage");
  await kims.getByRole("button", { name: "Yes, end it" }).click();
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
  await openRow(page, "George Li");
  await box(page).fill("I was about to say");
  watched.expect(/^404 GET /);
  await harbor.platform("PUT", `/members/${george.id}/enrollments/diabetes`, { state: "active", careManagerId: "cm-chen" });
  await lookNow(page);
  await page.getByText("This person is not in your care").waitFor();
  await page.getByText("I was about to say").waitFor(); // which can still be copied
  await check(page, "a person whom somebody else has now");
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByText("I was about to say").waitFor({ state: "detached" });
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
  const { page: app } = await comeIn(t, { member: dina });
  await confirmation(app).getByText(/^We are late\. You asked on /).waitFor();

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

  watched.expect(/^401 POST .*assign$/);
  await kims.route("**/assign", (route) => route.fulfill({ status: 401, contentType: "application/problem+json", body: `{"code": "unauthorized"}` }));
  await openRow(kims, "Dina Haddad");
  await kims.keyboard.press("a");
  await dialog(kims, "Assign").getByLabel("To").selectOption({ label: "Robin Vega" });
  await dialog(kims, "Assign").getByRole("button", { name: "Assign" }).click();
  await kims.getByText("Your session has ended. Sign in again").waitFor(); // at once, and not at the next look
});
