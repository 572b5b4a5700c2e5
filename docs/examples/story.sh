#!/usr/bin/env bash
# The whole story: ana requests a chat, cm-rivera answers and closes, the thread goes on.
source "$(dirname "$0")/lib.sh"

say "ana asks for a link, opens it on her phone and logs in with her birth date"
ask_for_link
TOKEN='' call POST /v1/sessions "{\"link\": \"$LINK\"}"
expect "$STATUS" 403
expect "$(json .code)" factor-required
exchange_link
expect "$STATUS" 201
start_clean

say "the form offers her programs, with the open one as the default, and harbor's reasons"
call GET "/v1/members/me/request-form?programId=heart"
expect "$(json '.programs.find(p => p.isDefault).id')" heart
call GET "/v1/members/me/request-form?programId=diabetes"
expect "$(json '.programs.find(p => p.isDefault).id')" diabetes
expect "$(json ".programs.map(p => p.id).sort().join(' ')")" "diabetes heart"
expect "$(json ".reasons.map(r => r.id).join(' ')")" "symptoms medication appointment other"

say "she requests a chat and sees the confirmation"
request_chat symptoms "My feet tingle since Monday."
call GET /v1/members/me/chats
expect "$(json ".requests.map(r => r.url).join(' ')")" "$REQUEST"
expect "$(json .requests[0].reason.id)" symptoms

say "she changes the reason"
call PATCH "$REQUEST" '{"reasonId": "medication"}'
expect "$STATUS" 200
expect "$(json .reason.id)" medication
expect "$(json ".history.map(h => h.action).join(' ')")" "submitted reasonChanged"

say "cm-rivera finds the task and writes"
staff careManager cm-rivera
RIVERA=$TOKEN
call GET /v1/me
NAME=$(json .displayName)
eventually "/v1/tasks?scope=mine" ".items.find(t => t.url == '$REQUEST')?.reason.id" medication
write_first "Hello Ana"
read_all

say "ana's dot is on, the thread shows cm-rivera's name and 1 unread; the confirmation is still there"
as_ana
call GET /v1/members/me/unread
expect "$(json .hasUnread)" true
call GET /v1/members/me/chats
expect "$(json ".threads.find(t => t.url == '$THREAD').careManager.displayName")" "$NAME"
expect "$(json ".threads.find(t => t.url == '$THREAD').unreadCount")" 1
expect "$(json ".requests.map(r => r.url).join(' ')")" "$REQUEST"

say "she reads it, and the dot is off"
call GET "$THREAD/messages"
expect "$(json '.items.at(-1).text')" "Hello Ana"
read_all
call GET /v1/members/me/unread
expect "$(json .hasUnread)" false

say "she replies, and cm-rivera's inbox shows 1 unread"
reply "Thank you, that helps."
TOKEN=$RIVERA
eventually /v1/inbox ".items.find(t => t.url == '$THREAD')?.unreadCount" 1

say "cm-rivera closes the task"
read_all
call POST "$REQUEST/close" '{"outcome": "answered", "note": "Explained the new dose."}'
expect "$STATUS" 200
expect "$(json .state)" closed
eventually /v1/tasks ".items.some(t => t.url == '$REQUEST')" false

say "the confirmation is gone, and the thread goes on"
as_ana
call GET /v1/members/me/chats
expect "$(json .requests.length)" 0
expect "$(json ".threads.find(t => t.url == '$THREAD').canReply.allowed")" true

echo "story: done"
