// Compiles only if the page's client says of an answer no more than the contract does, and asks with what the contract takes.
import type { components } from "./care.js";
import type * as client from "../../../../functions/pages/client/types.js";

type Contract = components["schemas"];
/** What is given can be used as what is wanted. */
type Fits<Given extends Wanted, Wanted> = Given;

export type Answers = [
  Fits<Contract["MeMember"], client.Me>,
  Fits<Contract["Session"], client.Session>,
  Fits<Contract["Chats"], client.Chats>,
  Fits<Contract["Unread"], client.Unread>,
  Fits<Contract["RequestForm"], client.RequestForm>,
  Fits<Contract["ChatRequest"], client.ChatRequest>,
  Fits<Contract["ChatThreadList"], { items: client.Thread[] }>,
  Fits<Contract["ChatMessagePage"], client.MessagePage>,
  Fits<Contract["ChatMessage"], client.Message>,
  Fits<Contract["Preferences"], client.Preferences>,
  Fits<Contract["Problem"], client.ProblemBody>,
];

export type Requests = [
  Fits<{ channels: client.ChannelKind[]; quietHours?: client.QuietHours }, Contract["PreferencesPut"]>,
];
