// What the API answers to a member, as shared/api/openapi.yaml has it. A test compiles the contract's generated types against these.

/** How many seconds to wait before reading again, and the answer: the same object while nothing has changed. */
export interface Polled<T> {
  body: T;
  pollAfter: number;
}

export interface Organization {
  name: string;
  languages: string[];
}

export interface Me {
  kind: "member";
  organization: { id: string; name: string };
  id: string;
  displayName: string;
  language: string;
  /** 32 random bytes of this person, base64url, for encrypting what an app keeps on a device. It opens nothing else. */
  draftKey: string;
}

export interface Session {
  token: string;
  expiresAt: string;
  /** What the notice was about. */
  landing: { kind: "thread" | "request" | "home"; id?: string };
}

export interface Program {
  id: string;
  name: string;
}

export interface Author {
  role: "member" | "careManager";
  displayName: string;
  isMe: boolean;
}

export interface EndedRequest {
  id: string;
  state: "open" | "closed" | "cancelled";
  program: Program;
  reason: { id: string; label: string };
  createdAt: string;
  updatedAt: string;
  expectedReplyBy: string;
  /** Whether the promised reply is overdue. */
  late?: boolean;
  /** What the member may do now. */
  allowedActions: ("changeReason" | "cancel")[];
}

export interface ChatRequest extends EndedRequest {
  comment: string;
  version: number;
}

export interface Unread {
  hasUnread: boolean;
  threads: number;
  messages: number;
}

/** The whole Chats screen. */
export interface Chats {
  unread: Unread;
  /** The open ones. */
  requests: ChatRequest[];
  /** The last one of each program that ended within 30 days. */
  ended: EndedRequest[];
  /** The active ones. */
  threads: Thread[];
  canRequest: { allowed: boolean; reason?: "noProgram" | "openRequest" };
  emergency: string;
  /** The ids of programs whose notices are paused. */
  paused: string[];
}

export interface RequestForm {
  intro: string;
  emergency: string;
  programs: (Program & { isDefault: boolean; owner: { kind: "careManager" | "department"; displayName: string } })[];
  /** Without `programIds` a reason is for every program. */
  reasons: { id: string; label: string; programIds?: string[] }[];
  /** In code points. */
  comment: { maxLength: number };
}

export interface Thread {
  id: string;
  program: Program;
  /** `cover` answers for them now. */
  careManager: { id: string; displayName: string; cover?: { displayName: string; until: string } };
  state: "active" | "inactive";
  lastSeq: number;
  unreadCount: number;
  updatedAt: string;
  lastMessage: { seq: number; author: Author; preview: string; sentAt: string };
  canReply: { allowed: boolean; reason?: "programClosed" | "notYours" };
}

export interface Message {
  id: string;
  seq: number;
  author: Author;
  text: string;
  sentAt: string;
  /** For its author only. */
  clientMessageId?: string;
}

export interface MessagePage {
  /** They ascend. */
  items: Message[];
  /** In the direction asked: older ones, or with `after` newer ones. */
  hasMore: boolean;
  lastSeq: number;
  /** How far each side has read. */
  read: { member: number; careManager: number };
  thread: Thread;
}

export type ChannelKind = "sms" | "email";

/** A way to be notified of new messages. */
export interface Channel {
  kind: ChannelKind;
  selected: boolean;
  /** Whether a notice would arrive. */
  status: "usable" | "unconfirmed" | "optedOut" | "optedOutAtCarrier" | "failing" | "missing";
  /** Masked. */
  address?: string;
  /** What would make it usable. */
  fix?: "confirmEmail" | "textStart" | "askCareTeam";
}

/** "22:00", by the member's own clock. */
export interface QuietHours {
  from: string;
  to: string;
}

export interface Preferences {
  channels: Channel[];
  quietHours?: QuietHours;
  /** In the answer to a change. */
  warning?: "nobodyWillBeTold";
}

/** The body of a refusal: RFC 9457. */
export interface ProblemBody {
  code?: string;
  title?: string;
  detail?: string;
  reason?: string;
  requestId?: string;
  errors?: { pointer: string; code: string; detail: string }[];
  organization?: Organization;
  current?: any;
}

/** Where a session's token is kept: `localStorage` in a page, the device's keychain in React Native. */
export interface Storage {
  getItem(name: string): string | null | undefined | Promise<string | null | undefined>;
  setItem(name: string, value: string): unknown;
  removeItem(name: string): unknown;
}

/** Says that something changed, such as that the network is back. */
export interface Changes {
  /** Calls `look` after each change, until what it returns is called. */
  onChange(look: () => void): () => void;
}

/** Something that is on or off, such as whether the app is in sight. */
export interface Signal extends Changes {
  isOn(): boolean;
}

export interface Watching {
  /** Reads at once, such as after the app's own change. */
  now(): void;
  stop(): void;
}
