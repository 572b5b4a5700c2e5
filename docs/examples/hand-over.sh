#!/usr/bin/env bash
# The platform hands ana's enrollment over to cm-chen, and her next reply waits in cm-chen's inbox. cm-chen gives it to the
# department, where cm-rivera claims it.
source "$(dirname "$0")/lib.sh"

# hand_to CARE_MANAGER hands ana's diabetes enrollment over, as the platform.
hand_to() {
  staff platform
  call PUT /v1/members/ana/enrollments/diabetes "{\"state\": \"active\", \"careManagerId\": \"$1\"}"
}

log_in
start_clean

say "cm-rivera writes to ana"
staff careManager cm-rivera
RIVERA=$TOKEN
write_first "I am away from tomorrow; Dr. Chen takes over."
read_all

say "the platform hands the enrollment over to cm-chen"
trap 'hand_to cm-rivera' EXIT
hand_to cm-chen
expect "$STATUS" 200

say "ana reads and replies in the thread that she knows"
as_ana
read_all
reply "Have a good time!"

say "the reply waits in cm-chen's inbox, not in cm-rivera's"
staff careManager cm-chen
CHEN=$TOKEN
eventually /v1/inbox ".items.find(t => t.url == '$THREAD')?.unreadCount > 0" true
expect "$(json ".items.find(t => t.url == '$THREAD').owner.id")" cm-chen
TOKEN=$RIVERA
eventually /v1/inbox ".items.some(t => t.url == '$THREAD')" false

say "cm-chen reads it and sees the whole conversation"
TOKEN=$CHEN
call GET "$THREAD/messages"
expect "$(json '.items.at(-1).text')" "Have a good time!"
read_all

say "cm-chen gives the enrollment to the department"
call POST /v1/members/ana/enrollments/diabetes/assign '{"departmentId": "nurses"}'
expect "$STATUS" 200

say "cm-rivera claims it, and cm-chen comes too late"
TOKEN=$RIVERA
call POST /v1/members/ana/enrollments/diabetes/claim
expect "$STATUS" 200
TOKEN=$CHEN
call POST /v1/members/ana/enrollments/diabetes/claim
expect "$STATUS" 409
expect "$(json .current.owner.id)" cm-rivera

say "the platform repeats its last PUT, and the enrollment stays cm-rivera's"
hand_to cm-chen
expect "$STATUS" 200
TOKEN=$RIVERA
eventually /v1/caseload ".items.some(e => e.member.id == 'ana' && e.program.id == 'diabetes')" true

say "the platform means cm-rivera again, too"
hand_to cm-rivera
expect "$STATUS" 200
trap - EXIT

echo "hand-over: done"
