#!/usr/bin/env bash
# Switches on SNS's delivery log of texts, an account's setting that CloudFormation does not have: text-log.sh STACK. It may be run again.
set -euo pipefail
stack=${1:?usage: text-log.sh STACK}

role=$(aws cloudformation describe-stacks --stack-name "$stack" --query "Stacks[0].Outputs[?OutputKey=='TextLogsRole'].OutputValue" --output text)
[ -n "$role" ] && [ "$role" != None ] || { echo "$stack has no log groups for it: deploy it with TextLogs=yes first" >&2; exit 1; }
aws sns set-sms-attributes --attributes "DeliveryStatusIAMRole=$role,DeliveryStatusSuccessSamplingRate=100"
aws sns get-sms-attributes --query attributes.DeliveryStatusIAMRole --output text
