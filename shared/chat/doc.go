// Package chat is the domain: members ask for a chat, care managers write, and
// both read and reply. Each use case is a method of Service that loads (one
// store call), decides (a pure function) and saves (one store call), and starts
// again when a row moved in between. It knows neither HTTP nor DynamoDB; rights
// (S7) are decided here and nowhere else.
package chat
