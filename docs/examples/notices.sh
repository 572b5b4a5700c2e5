#!/usr/bin/env bash
# ana chooses how she is notified, and pauses and resumes a program; cm-rivera reads the result in the why-log.
source "$(dirname "$0")/lib.sh"

# prefers BODY replaces ana's preferences.
prefers() {
  call PUT /v1/members/me/preferences "$1"
  expect "$STATUS" 200
}

# pauses true|false pauses or resumes ana's diabetes program as the caller.
pauses() {
  call PUT /v1/members/ana/enrollments/diabetes/pause "{\"paused\": $1}"
  expect "$STATUS" 200
  expect "$(json .paused)" "$1"
}

log_in
start_clean

say "ana sees each channel, whether it works, and how to fix it"
call GET /v1/members/me/preferences
expect "$STATUS" 200
expect "$(json ".channels.map(c => c.kind).join(' ')")" "sms email"
expect "$(json .channels[0].address)" "•••${ANA_PHONE: -4}"

say "she chooses neither channel and gets a warning; then texts, but none at night"
prefers '{"channels": []}'
expect "$(json .warning)" nobodyWillBeTold
prefers '{"channels": ["sms"], "quietHours": {"from": "22:00", "to": "07:00"}}'
expect "$(json ".channels.map(c => c.selected).join(' ')")" "true false"
expect "$(json .quietHours.to)" 07:00
prefers '{"channels": ["sms"]}'
expect "$(json .quietHours)" undefined

say "she pauses the program; cm-rivera writes, and only the dot shows it"
pauses true
staff careManager cm-rivera
RIVERA=$TOKEN
call GET /v1/members/ana/notices
LAST=$(json '.items[0]?.id ?? ""')
write_first "Have a good rest. There is no hurry."
as_ana
call GET /v1/members/me/chats
expect "$(json .paused)" '["diabetes"]'
expect "$(json .unread.hasUnread)" true

say "the platform ends the pause: ana is told at once, or as soon as the time between texts allows"
staff platform
pauses false
TOKEN=$RIVERA
eventually /v1/members/ana/notices ".items.some(n => n.id > '$LAST' && n.channel == 'sms' && '$THREAD'.endsWith(n.threads[0]))" true
WHY=$(json ".items.find(n => n.channel == 'sms')" | node -p 'const n = JSON.parse(require("fs").readFileSync(0)); n.decision + ": " + n.rule')
say "the why-log: $WHY"
[[ "$WHY" == "sent: resumed" || "$WHY" == "deferred: cap" ]] || fail "neither sent nor deferred"

say "ana reads, and chooses both channels again"
as_ana
read_all
prefers '{"channels": ["sms", "email"]}'

say "cm-rivera has a new link sent to her"
TOKEN=$RIVERA
call POST /v1/members/ana/links
expect "$STATUS" 202

echo "notices: done"
