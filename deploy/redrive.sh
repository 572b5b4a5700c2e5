#!/usr/bin/env bash
# Calls keyword with each text that it gave up on, and removes those that it takes: redrive.sh STACK. It may be run again at any time:
# a text that was applied changes nothing again, and one that is older than the phone's last changes nothing at all.
set -euo pipefail
stack=${1:?usage: redrive.sh STACK}

resource() {
  aws cloudformation describe-stack-resource --stack-name "$stack" --logical-resource-id "$1" \
    --query StackResourceDetail.PhysicalResourceId --output text
}

queue=$(resource KeywordDeadLetters)
function=$(resource KeywordFunction)
# The events hold phone numbers and texts: only this user can read the folder, and it goes with the script.
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

applied=0
while aws sqs receive-message --queue-url "$queue" --visibility-timeout 120 --query 'Messages[0]' --output json >"$folder/letter" &&
  [ "$(jq -r 'if . then "one" else "none" end' "$folder/letter")" = one ]; do
  jq -r .Body "$folder/letter" >"$folder/event"
  failed=$(aws lambda invoke --function-name "$function:live" --payload "fileb://$folder/event" --query FunctionError --output text "$folder/answer")
  [ "$failed" = None ] || { echo "keyword failed again after $applied: its log says why" >&2; exit 1; }
  aws sqs delete-message --queue-url "$queue" --receipt-handle "$(jq -r .ReceiptHandle "$folder/letter")"
  applied=$((applied + 1))
done
echo "$applied texts were applied, none is left"
