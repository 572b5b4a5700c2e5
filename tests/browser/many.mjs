// Very much to do, which the API itself serves: one person's rows, copied in the table to many others.

import { ask, newMemberOf } from "./console.mjs";
import { dynamo, harbor, table } from "./stack.mjs";

/** Gives a care manager people who ask for a chat, of whom the first ones wait for an answer too. */
export async function manyTasks(careManager, count, waiting) {
  const model = await newMemberOf(careManager, "Person Number 0");
  await ask(model, "A question that is as long as questions are, about tablets and feet and sleep.");
  const { thread } = await harbor.write(model, "How are you?", "diabetes", careManager.id);
  await harbor.member(model, "PUT", `/members/me/threads/${thread.id}/read`, { seq: 1 }); // or notices would be due
  await harbor.member(model, "POST", `/members/me/threads/${thread.id}/messages`, { clientMessageId: crypto.randomUUID(), text: "Are you there?" });
  const { phone, subjects, ...profile } = model; // which are one person's
  await harbor.platform("PUT", `/members/${model.id}`, { ...profile, channels: [] });
  const [member, messages] = await Promise.all([`MEMBER#${model.id}`, `THREAD#${model.id}#${thread.id}`].map(rowsOf));
  const busy = [...member.filter(({ SK }) => !SK.S.startsWith("KEY#")), ...messages];
  const asking = busy.filter((row) => !row.SK.S.startsWith("CHAT#THREAD#") && !messages.includes(row)).map((row) => row.threads ? { ...row, threads: { N: "0" } } : row);
  const copies = [];
  for (let n = 1; n < count; n++) copies.push(...(n < waiting ? busy : asking).map((row) => copyOf(row, model.id, n)));
  await write(copies);
}

/** @param {string} partition */
async function rowsOf(partition) {
  return (await dynamo("Query", { TableName: table, KeyConditionExpression: "PK = :pk", ExpressionAttributeValues: { ":pk": { S: `ORG#harbor#${partition}` } } })).Items;
}

/** A row as another person's: with ids and a name of their own, and in the part of an index that is theirs. */
function copyOf(row, memberId, n) {
  const text = JSON.stringify(row).replaceAll(memberId, `${memberId}-${n}`).replaceAll("Person Number 0", `Person Number ${n}`);
  const copy = JSON.parse(text.replace(/(req_|msg_)(\w+)\w{3}/g, (_, kind, id) => kind + id + String(n).padStart(3, "0")));
  const inPart = (place) => ({ S: place.S.replace(/(MEMBERS|UPKEEP|NOTICES)#\d$/, (_, name) => `${name}#${partOf(name === "MEMBERS" ? `${memberId}-${n}` : copy.PK.S)}`) });
  return { ...copy, ...(copy.WORK_PK && { WORK_PK: inPart(copy.WORK_PK) }), ...(copy.DUE_PK && { DUE_PK: inPart(copy.DUE_PK) }) };
}

/** By FNV-1a, as the table spreads what is in an index. @param {string} key */
function partOf(key) {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(key)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash % 8;
}

/** Writes rows, not so many at a time that others wait. */
async function write(rows) {
  const put = (Item) => ({ Put: { TableName: table, Item } });
  for (let at = 0; at < rows.length; at += 25) await dynamo("TransactWriteItems", { TransactItems: rows.slice(at, at + 25).map(put) }); // faster than by batches
}
