// Package chat is the conversation: members ask for a chat, care managers write,
// and both read and reply. Each function has a service of its own, SendService for
// functions/send and so on, whose store holds the calls that its job needs and no
// other: what only reads cannot write.
//
// A use case loads (one store call), decides (a pure function) and saves (one
// store call), and starts again if a row moved in between (T5). The package knows
// neither HTTP nor DynamoDB. Rights (S7) are decided here and nowhere else.
//
// A file named by a verb is a use case:
//
//	submit, change_reason, cancel, close   a request
//	start, send, mark_read                 a thread
//	assign, pause                          an enrollment
//
// Of the lists, a file has the screen or the list that it is named after: form,
// member_chats, messages, tasks, caseload, inbox, me. What upkeep does is in
// upkeep, late, hand_over, rename, erase, attendance and coverage_mark. The other
// files are the rows, such as request, thread, enrollment and person, with what
// follows from them, and what several use cases share: rights, names, text, retry.
package chat
