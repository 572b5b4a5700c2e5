#!/usr/bin/env bash
# ana requests a chat and cancels it, and the task is gone.
source "$(dirname "$0")/lib.sh"

log_in
start_clean

say "ana requests a chat, cm-rivera finds the task"
request_chat appointment "Can we talk on Friday?"
staff careManager cm-rivera
RIVERA=$TOKEN
eventually /v1/tasks ".items.some(t => t.url == '$REQUEST')" true

say "ana cancels twice and gets the same answer"
as_ana
call POST "$REQUEST/cancel"
expect "$STATUS" 200
expect "$(json .state)" cancelled
FIRST=$BODY
call POST "$REQUEST/cancel"
expect "$STATUS" 200
expect "$BODY" "$FIRST"

say "the confirmation is gone, and so is the task"
call GET /v1/members/me/chats
expect "$(json .requests.length)" 0
TOKEN=$RIVERA
eventually /v1/tasks ".items.some(t => t.url == '$REQUEST')" false
call POST "$REQUEST/close" '{"outcome": "answered"}'
expect "$STATUS" 409
expect "$(json .code)" request-cancelled

echo "cancel: done"
