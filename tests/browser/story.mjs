// A member's story from the text on the phone to the task that is closed, the care managers' part through the API.

import assert from "node:assert/strict";
import { activeChats, check, confirmation, dialog, dot, goBack, logIn, lookNow, messageBox, messages, openBrowser, openThread, phone, sendButton } from "./pages.mjs";
import { linkFor, newOrganization, sentTo, until, url } from "./stack.mjs";

/**
 * @param {string} id  An organization of the story's own.
 * @param {{script: (argument?: any) => void, argument?: any, look?: (context: any) => Promise<void>}} [browser]  What happens before the page's own script does.
 */
export async function story(t, id, browser) {
  const lakeside = await newOrganization(id);
  const member = await lakeside.newMember({ programs: { diabetes: "cm-rivera", heart: "cm-chen" } });
  const { thread } = await lakeside.write(member, "Hello Ana, how are your feet?");
  const link = await linkFor(member.phone);
  assert(link.startsWith(`${url}/#/l/`), link);
  const [text] = await sentTo(member.phone);
  assert(!/feet|Ana|Rivera|Diabetes/.test(text), text); // who else sees the phone learns nothing

  const { newPage, context } = await openBrowser(t, phone);
  if (browser) await context.addInitScript(browser.script, browser.argument);
  await browser?.look?.(context);
  const page = await newPage();
  await logIn(page, link, member);
  await messages(page).getByText("Hello Ana, how are your feet?", { exact: true }).waitFor();
  await dot(page, "Chats").waitFor();
  await goBack(page);

  await page.getByRole("button", { name: "Request a Chat" }).click();
  const form = dialog(page, "Request a Chat");
  await form.getByText("Your care team answers within one working day.").waitFor();
  await form.getByText("call 911").waitFor();
  assert.equal(await form.getByLabel("Program").locator("option:checked").innerText(), "Living with Diabetes, Sam Rivera"); // the one that is open
  await form.getByLabel("Reason").selectOption({ label: "How I feel" });
  await form.getByLabel("Comment").fill("My feet tingle.");
  await form.getByRole("button", { name: "Submit Request" }).click();
  await confirmation(page).getByText("My feet tingle.").waitFor();
  await confirmation(page).getByText("You can expect a reply by").waitFor();

  await page.getByRole("button", { name: "Change the Reason" }).click();
  const change = dialog(page, "Change the Reason");
  await change.getByLabel("Reason").selectOption({ label: "My medication" });
  await change.getByRole("button", { name: "Save" }).click();
  await confirmation(page).getByText("My medication", { exact: true }).waitFor();
  const task = await lakeside.taskOf(member);
  assert.deepEqual([task.reason.label, task.program.name], ["My medication", "Living with Diabetes"]);

  await lakeside.write(member, "Since when?");
  await lakeside.write(member, "Your heart program starts.", "heart", "cm-chen");
  await lookNow(page);
  await dot(page, "Chats, 2 unread messages").waitFor();
  const item = activeChats(page).filter({ hasText: "Sam Rivera" });
  for (const words of ["Living with Diabetes", "Since when?", "1 unread message"]) await item.getByText(words).waitFor();
  assert.equal(await activeChats(page).count(), 2);
  await confirmation(page).waitFor(); // a message does not answer the request

  await openThread(page);
  await messageBox(page).fill("Since Monday.");
  await sendButton(page).click();
  await until(async () => (await lakeside.storedTexts(member, thread)).length === 3, "the reply");
  await lakeside.careManager("PUT", `/members/${member.id}/threads/${thread.id}/read`, { seq: 3 });
  await lookNow(page);
  await page.getByText("Seen").waitFor();
  if (!browser) await check(page, "a conversation"); // axe is no old browser
  await goBack(page);
  await openThread(page, "Lin Chen");
  await messages(page).getByText("Your heart program starts.").waitFor();
  await dot(page, "Chats").waitFor();
  await goBack(page);

  await confirmation(page).waitFor();
  await lakeside.close(member, task);
  await lookNow(page);
  await confirmation(page).waitFor({ state: "detached" });
  await activeChats(page).filter({ hasText: "Sam Rivera" }).waitFor();
}
