#!/usr/bin/env bash
# Tries a running deployment from outside and changes nothing that matters: smoke.sh API_URL [STACK].
# It makes one request for a link, for a number that is nobody's. TOKEN is an access token of anybody, and is optional.
set -euo pipefail
url=${1:?usage: smoke.sh API_URL [STACK]}
stack=${2:-}
failed=0
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT

# try NAME STATUS TEXT CURL-ARGUMENTS… makes a request and holds its status, and a text in its headers or body.
try() {
  local name=$1 status=$2 text=$3 got
  shift 3
  got=$(curl --silent --show-error --max-time 20 --include --output "$answer" --write-out '%{http_code}' "$@") || got="no answer"
  if [ "$got" = "$status" ] && grep -qi -- "$text" "$answer"; then
    echo "ok    $name"
  else
    echo "FAIL  $name: got $got, and not $status with \"$text\""
    failed=1
  fi
}

try 'the API is up' 200 '"status":"ok"' "$url/v1/health"
grep -o '"version":"[^"]*"' "$answer" || true
try 'the page is served, and takes no script from elsewhere' 200 '^content-security-policy:' "$url/"
try 'an unknown path is a problem' 404 'application/problem+json' "$url/v1/nothing"
try 'without a token nothing is shown' 401 '^www-authenticate:' "$url/v1/me"
try 'a made-up token opens nothing' 401 'application/problem+json' -H 'Authorization: Bearer made-up' "$url/v1/me"
try 'a link can be asked for: the table takes writes' 202 '{}' \
  -X POST -H 'Content-Type: application/json' -d '{"contact": "+15550100000"}' "$url/v1/links"
try 'a link that is nobody'\''s opens nothing' 410 'application/problem+json' -X POST -H 'Content-Type: application/json' \
  -d '{"link": "AAAAAAAAAAAAAAAAAAAAAAAAAA", "birthDate": "1970-01-01"}' "$url/v1/sessions"
if [ -n "${TOKEN:-}" ]; then
  try 'the token is accepted' 200 '"kind"' -H "Authorization: Bearer $TOKEN" "$url/v1/me"
else
  echo '-     TOKEN=<an access token> would show that the identity provider is trusted'
fi

if [ -n "$stack" ]; then
  topic=$(aws cloudformation describe-stack-resources --stack-name "$stack" --logical-resource-id AlarmTopic \
    --query 'StackResources[0].PhysicalResourceId' --output text 2>/dev/null) || topic=
  heard=
  [ -z "$topic" ] || heard=$(aws sns list-subscriptions-by-topic --topic-arn "$topic" \
    --query "Subscriptions[?starts_with(SubscriptionArn,'arn:')].Endpoint" --output text)
  if [ -n "$heard" ]; then
    echo "ok    alarms go to $heard"
  else
    echo 'FAIL  nobody hears the alarms: AlarmEmail is blank, or its owner never opened the link in the email from AWS'
    failed=1
  fi
fi
exit "$failed"
