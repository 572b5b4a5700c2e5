#!/usr/bin/env bash
# An organization from nothing: two departments, four care managers, two programs and 50 members. It shows who gets what members
# ask, a vacation, a claim, a hand-over, a sick nurse, a colleague who leaves, a program that moves to another department, an
# enrollment that is closed and opened again, and the events that the platform gets of all that. A reply is late after an hour at
# the soonest, and upkeep runs every minute: $HURRY, if set, is an address that makes a reply late and runs upkeep at once.
source "$(dirname "$0")/lib.sh"

ORGANIZATION=org-$(new_key)

# as ROLE SUBJECT makes the next calls as somebody of the organization.
as() {
  TOKEN=$(curl -sSf "$ISSUER/token?role=$1&organization=$ORGANIZATION&subject=$2&as=text") || fail "no token for $*"
}

# put PATH BODY puts an entry as the platform.
put() {
  TOKEN=$PLATFORM
  call PUT "/v1$1" "$2"
  [[ $STATUS == 20[01] ]] || fail "PUT $1"
}

# seconds N prints the time in N seconds.
seconds() { node -p "new Date(Date.now() + $1 * 1000).toISOString()"; }

# care_manager ID DEPARTMENT ACTIVE puts a care manager.
care_manager() { put "/care-managers/$1" "{\"displayName\": \"Name of $1\", \"departmentIds\": [\"$2\"], \"active\": $3}"; }

# ask MEMBER PROGRAM makes a chat request. Sets $REQUEST to its path.
ask() {
  as member "$1"
  call POST /v1/members/me/chat-requests "{\"programId\": \"$2\", \"reasonId\": \"question\", \"comment\": \"Hello\"}" "Idempotency-Key: $(new_key)"
  expect "$STATUS" 201
  REQUEST=$(json .url)
}

# write MEMBER PROGRAM writes to a member as the calling care manager. Sets $THREAD.
write() {
  call POST "/v1/members/$1/threads" "{\"programId\": \"$2\", \"clientMessageId\": \"$(new_key)\", \"text\": \"Hello\"}"
  expect "$STATUS" 201
  THREAD=$(json .thread.url)
}

# hurry [MEMBER PROGRAM] has upkeep run at once, after making the reply to the member late.
hurry() { [ -z "${HURRY:-}" ] || curl -sSf "$HURRY?organization=$ORGANIZATION&member=${1:-}&program=${2:-}"; }

# heard TYPE MEMBER [OWNER] waits until the platform has got an event about a member, or about none for "-".
heard() {
  local _
  for _ in {1..300}; do
    curl -sSf "$INBOX/messages" | WANTED="$1 $2 ${3:-}" ORGANIZATION=$ORGANIZATION node -e '
      const [type, member, owner] = process.env.WANTED.split(" ")
      const seen = JSON.parse(require("fs").readFileSync(0)).filter(m => m.channel == "event").map(m => JSON.parse(m.text))
        .some(e => e.organizationId == process.env.ORGANIZATION && e.type == type && (member == "-" || e.memberId == member) && (!owner || e.owner?.id == owner))
      process.exit(seen ? 0 : 1)' && return 0
    sleep 0.25
  done
  fail "the platform has not heard of $*"
}

say "the operator makes $ORGANIZATION, and the platform fills it"
BODY=$(curl -sSf "$INBOX/2015-03-31/functions/operator/invocations" -d "$(ORGANIZATION=$ORGANIZATION ISSUER=$ISSUER node -p '
  const command = JSON.parse(require("fs").readFileSync("organization.json")), o = command.putOrganization
  o.id = process.env.ORGANIZATION
  o.calendar = {hours: {}, holidays: [], replyHours: 1}
  o.issuers = [{issuer: process.env.ISSUER + "/" + o.id, audience: "care-chats"}]
  JSON.stringify(command)')")
as platform platform
PLATFORM=$TOKEN
for department in nurses coaches; do put "/departments/$department" "{\"name\": \"$department\"}"; done
put /programs/diabetes '{"name": "Diabetes", "kind": "guided", "departmentId": "nurses"}'
put /programs/heart '{"name": "Heart", "kind": "guided", "departmentId": "coaches"}'
put /reasons/question '{"labels": {"en": "A question", "es": "Una pregunta"}, "order": 1, "active": true}'
for nurse in cm-a cm-b cm-c; do care_manager $nurse nurses true; done
care_manager cm-d coaches true
for n in {1..50}; do
  put "/members/m$n" "{\"displayName\": \"Member $n\", \"birthDate\": \"1970-02-03\", \"language\": \"en\", \"timeZone\": \"UTC\", \"active\": true, \"subjects\": [{\"issuer\": \"$ISSUER/$ORGANIZATION\", \"subject\": \"m$n\"}]}"
  owner='"careManagerId": "cm-a", '
  ((n % 5)) || owner=
  put "/members/m$n/enrollments/diabetes" "{$owner\"state\": \"active\"}"
done
put /members/m1/enrollments/heart '{"state": "active"}'

say "what members ask lands with whoever owns it: a care manager, or a department"
ask m5 diabetes; heard chatRequest.submitted m5 nurses
ask m2 diabetes; heard chatRequest.submitted m2 cm-a
SICK=$REQUEST
ask m1 heart; heard chatRequest.submitted m1 coaches
as careManager cm-b
eventually "/v1/tasks?scope=department" '.items.map(t => t.member.id).join()' m5

say "cm-a goes on vacation: by the clock cm-b covers, answers, and does not any more"
as careManager cm-a
call PUT /v1/care-managers/me/coverages/vacation "{\"coverId\": \"cm-b\", \"from\": \"$(seconds -1)\", \"to\": \"$(seconds 8)\"}"
expect "$STATUS" 201
write m3 diabetes
as careManager cm-b
write m3 diabetes
heard message.sent m3 cm-a
as member m3
eventually /v1/members/me/chats '.threads.map(t => t.careManager.displayName).sort().join()' 'Name of cm-a,Name of cm-b'
as careManager cm-b
eventually /v1/me '.covers.length' 0
call GET "$SICK"
expect "$STATUS" 404
hurry
heard coverage.started -
heard coverage.ended -

say "cm-b claims what the department owns, and hands it over to cm-c"
call POST /v1/members/m5/enrollments/diabetes/claim
expect "$(json .owner.id)" cm-b
heard enrollment.assigned m5 cm-b
call POST /v1/members/m5/enrollments/diabetes/assign '{"careManagerId": "cm-c"}'
expect "$(json .owner.id)" cm-c
heard enrollment.assigned m5 cm-c

say "cm-a is sick, her reply to m2 gets late, and cm-c answers"
hurry m2 diabetes
as careManager cm-c
until call GET "$SICK" && [ "$STATUS" = 200 ]; do sleep 5; done
heard chatRequest.late m2 cm-a
write m2 diabetes
heard enrollment.assigned m2 cm-c
call POST "$SICK/close" '{"outcome": "answered"}'
expect "$STATUS" 200
heard chatRequest.closed m2 cm-c

say "cm-a leaves: what she had is her department's"
care_manager cm-a nurses false
hurry
heard enrollment.assigned m1 nurses
as member m1
eventually /v1/members/me/request-form '.programs.find(p => p.id == "diabetes").owner.displayName' nurses

say "diabetes goes to the coaches: what the nurses have of it is in both lists, and then the coaches'"
ask m1 diabetes
put /programs/diabetes '{"name": "Diabetes", "kind": "guided", "departmentId": "coaches"}'
as careManager cm-d
eventually "/v1/tasks?scope=department" '.items.filter(t => t.program.id == "diabetes").map(t => t.member.id).join()' m1
write m1 diabetes
hurry
heard enrollment.assigned m1 coaches
as careManager cm-b
eventually "/v1/tasks?scope=department" '.items.length' 0

say "a program of m5 is closed, which cancels the request, and opened again"
put /members/m5/enrollments/diabetes '{"state": "closed"}'
heard chatRequest.cancelled m5
put /members/m5/enrollments/diabetes '{"state": "active"}'
ask m5 diabetes
call GET /v1/members/me/chats
expect "$(json .requests.length)" 1

say "what was heard of m2, in order: her message and what it claims are one moment"
BODY=$(curl -sSf "$INBOX/messages" | ORGANIZATION=$ORGANIZATION node -e '
  const all = JSON.parse(require("fs").readFileSync(0)).filter(m => m.channel == "event").map(m => JSON.parse(m.text))
  console.log(JSON.stringify(all.filter(e => e.organizationId == process.env.ORGANIZATION && e.memberId == "m2" && e.type != "message.sent").map(e => e.type)))')
expect "$(json '.join(" ")')" "enrollment.assigned chatRequest.submitted chatRequest.late enrollment.assigned chatRequest.closed"

echo "organization: done"
