# The functions that the example scripts share, to be sourced. They need curl and node.
set -euo pipefail

API=${API:-http://localhost:3000}       # pages and API
INBOX=${INBOX:-http://localhost:3001}   # what phones and mailboxes received
ISSUER=${ISSUER:-http://localhost:3002} # the identity provider
ANA_PHONE=${ANA_PHONE:-+15550100101}
ANA_BIRTH_DATE=${ANA_BIRTH_DATE:-1970-02-03}

TOKEN=  # the bearer token of the next call
STATUS= # of the last call
BODY=   # of the last call

# say TEXT prints what happens next.
say() { echo "- $*"; }

fail() {
  echo "FAILED at ${BASH_SOURCE[-1]##*/}:${BASH_LINENO[-2]}: $*" >&2
  [ -z "$BODY" ] || echo "the last answer was $STATUS $BODY" >&2
  exit 1
}

# call METHOD PATH [BODY] [HEADER...] sends one request as $TOKEN. Sets $STATUS and $BODY.
call() {
  local method=$1 path=$2 body=${3:-} header
  local args=(-sS --max-time 40 -X "$method" -w '\n%{http_code}')
  [ -z "$TOKEN" ] || args+=(-H "Authorization: Bearer $TOKEN")
  [ -z "$body" ] || args+=(-H 'Content-Type: application/json' --data "$body")
  for header in "${@:4}"; do args+=(-H "$header"); done
  BODY=$(curl "${args[@]}" "$API$path") || fail "no answer to $method $path"
  STATUS=${BODY##*$'\n'}
  BODY=${BODY%$'\n'*}
}

# json PATH prints a value of the last response; PATH is JavaScript: json .threads[0].id
json() {
  BODY=$BODY node -p "
    const value = (it => { try { return it$1 } catch { return 'missing' } })(JSON.parse(process.env.BODY))
    typeof value == 'object' ? JSON.stringify(value) : value"
}

# expect ACTUAL WANTED fails unless the two are equal.
expect() { [ "$1" = "$2" ] || fail "got '$1', expected '$2'"; }

# eventually GET-PATH JSON-PATH WANTED polls until the value is there: a care manager's lists may trail a
# moment, and what the stream misses the schedule does within a minute.
eventually() {
  local _
  for _ in {1..300}; do
    call GET "$1"
    expect "$STATUS" 200
    [ "$(json "$2")" != "$3" ] || return 0
    sleep 0.25
  done
  fail "$1: $2 is '$(json "$2")', expected '$3'"
}

# new_key prints a key for an Idempotency-Key or a clientMessageId.
new_key() { node -p 'crypto.randomUUID()'; }

# staff ROLE [SUBJECT] makes the next calls as a care manager or as the platform. Sets $TOKEN.
staff() {
  TOKEN=$(curl -sSf "$ISSUER/token?role=$1&organization=harbor&subject=${2:-$1}&as=text") || fail "no token for $*"
}

# newest_link prints the link in the last text that ana's phone received, if any.
newest_link() {
  curl -sSf "$INBOX/messages" | ANA_PHONE=$ANA_PHONE node -e '
    const links = JSON.parse(require("fs").readFileSync(0))
      .filter(m => m.to == process.env.ANA_PHONE)
      .flatMap(m => m.text.match(/(?<=#\/l\/)[\w-]{27}/g) ?? [])
    console.log(links.at(-1) ?? "")'
}

# ask_for_link asks for a link and sets $LINK to it. A phone gets three links in 15 minutes; a fourth request
# gets the same response, and the last link still works.
ask_for_link() {
  local before tries=180
  before=$(newest_link)
  [ -z "$before" ] || tries=10
  TOKEN='' call POST /v1/links "{\"contact\": \"$ANA_PHONE\"}"
  expect "$STATUS" 202
  while LINK=$(newest_link) && [ "$LINK" = "$before" ] && ((tries-- > 0)); do sleep 0.5; done
  [ -n "$LINK" ] || fail "no link reached $ANA_PHONE"
}

# exchange_link exchanges $LINK and the birth date for a session. The next calls are ana's.
exchange_link() {
  TOKEN='' call POST /v1/sessions "{\"link\": \"$LINK\", \"birthDate\": \"$ANA_BIRTH_DATE\"}"
  [ "$STATUS" != 201 ] || ANA=$(json .token)
  TOKEN=${ANA:-}
}

# log_in logs ana in with $MEMBER_TOKEN if it is set, else with the last link on her phone, else with a new
# one. Sets $ANA to her token.
log_in() {
  ANA=${MEMBER_TOKEN:-} TOKEN=${MEMBER_TOKEN:-}
  [ -z "$ANA" ] || return 0
  LINK=$(newest_link)
  [ -z "$LINK" ] || exchange_link
  if [ -z "$ANA" ]; then
    ask_for_link
    exchange_link
    expect "$STATUS" 201
  fi
}

# as_ana makes the next calls as ana.
as_ana() { TOKEN=$ANA; }

# start_clean cancels what an earlier run left open and reads what it left unread on ana's side.
start_clean() {
  local url thread
  as_ana
  call GET /v1/members/me/chats
  expect "$STATUS" 200
  local screen=$BODY
  for url in $(json ".requests.map(r => r.url).join(' ')"); do
    call POST "$url/cancel"
    expect "$STATUS" 200
  done
  BODY=$screen
  for thread in $(json ".threads.map(t => t.url + '=' + t.lastSeq).join(' ')"); do
    call PUT "${thread%=*}/read" "{\"seq\": ${thread#*=}}"
    expect "$STATUS" 200
  done
}

# request_chat REASON COMMENT makes a chat request for ana in diabetes. Sets $REQUEST to its path.
request_chat() {
  as_ana
  call POST /v1/members/me/chat-requests \
    "{\"programId\": \"diabetes\", \"reasonId\": \"$1\", \"comment\": \"$2\"}" "Idempotency-Key: $(new_key)"
  expect "$STATUS" 201
  REQUEST=$(json .url)
}

# write_first TEXT writes to ana in diabetes as the calling care manager. Sets $THREAD and $SEQ.
write_first() {
  call POST /v1/members/ana/threads \
    "{\"programId\": \"diabetes\", \"clientMessageId\": \"$(new_key)\", \"text\": \"$1\"}"
  expect "$STATUS" 201
  THREAD=$(json .thread.url)
  SEQ=$(json .message.seq)
}

# reply TEXT writes in $THREAD as the caller. Sets $SEQ.
reply() {
  call POST "$THREAD/messages" "{\"clientMessageId\": \"$(new_key)\", \"text\": \"$1\"}"
  expect "$STATUS" 201
  SEQ=$(json .seq)
}

# read_all marks $THREAD as read up to $SEQ for the caller.
read_all() {
  call PUT "$THREAD/read" "{\"seq\": $SEQ}"
  expect "$STATUS" 200
  expect "$(json .unreadCount)" 0
}
