// Package directory holds what the platform provisions: an organization's
// settings, its programs, reasons, departments and people, and who is enrolled in
// what. A use case checks what a PUT brings, loads what is stored, decides (a pure
// function), saves, and starts again if a row moved in between (T5). What is
// provisioned is shared with package chat, whose types it uses.
package directory
