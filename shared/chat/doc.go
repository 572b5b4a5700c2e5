// Package chat is the conversation: members ask for a chat, care managers write,
// and both read and reply. Each function has a service of its own, SendService for
// functions/send and so on, whose store holds the calls that its job needs and no
// other: what only reads cannot write.
//
// A use case loads (one store call), decides (a pure function) and saves (one
// store call), and starts again if a row moved in between (T5). The package knows
// neither HTTP nor DynamoDB. Rights (S7) are decided here and nowhere else.
package chat
