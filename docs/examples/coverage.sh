#!/usr/bin/env bash
# cm-rivera is away today and cm-chen covers: ana sees who answers until when, and cm-chen closes her task.
source "$(dirname "$0")/lib.sh"

# hours N prints the time in N hours.
hours() { node -p "new Date(Date.now() + $1 * 3600_000).toISOString()"; }

log_in
start_clean
request_chat symptoms "My feet tingle since Monday."

say "cm-rivera writes to ana, and is covered from now on"
staff careManager cm-rivera
RIVERA=$TOKEN
write_first "I am away today; Dr. Chen answers for me."
read_all
trap 'TOKEN=$RIVERA; call DELETE /v1/care-managers/me/coverages/today' EXIT
call PUT /v1/care-managers/me/coverages/today "{\"coverId\": \"cm-chen\", \"from\": \"$(hours -1)\", \"to\": \"$(hours 8)\"}"
expect "$STATUS" 201

say "ana sees who covers"
as_ana
read_all
eventually /v1/members/me/chats ".threads.find(t => t.url == '$THREAD').careManager.cover !== undefined" true

say "cm-chen finds her task and closes it"
staff careManager cm-chen
CHEN=$TOKEN
eventually "/v1/tasks?scope=covering" ".items.some(t => t.url == '$REQUEST')" true
call POST "$REQUEST/close" '{"outcome": "called"}'
expect "$STATUS" 200

say "the coverage ends, and ana is nothing to cm-chen any more"
TOKEN=$RIVERA
call DELETE /v1/care-managers/me/coverages/today
expect "$STATUS" 204
trap - EXIT
TOKEN=$CHEN
call GET "$REQUEST"
expect "$STATUS" 404

echo "coverage: done"
