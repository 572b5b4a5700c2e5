#!/usr/bin/env bash
# Points the alias of every function that the last deployment changed back at the version before: rollback.sh STACK.
# A function that the last deployment left alone keeps its version: that is what ran beside the others before.
set -euo pipefail
stack=${1:?usage: rollback.sh STACK}

began=$(aws cloudformation describe-stacks --stack-name "$stack" --query 'Stacks[0].LastUpdatedTime' --output text)
[ "$began" != None ] || { echo "$stack was deployed once: there is no version before" >&2; exit 1; }
functions=$(aws cloudformation describe-stack-resources --stack-name "$stack" \
  --query "StackResources[?ResourceType=='AWS::Lambda::Function'].PhysicalResourceId" --output text)

# Times in one form, so that they compare as text: 2026-03-01T10:00:00.
seconds() { printf '%s' "${1:0:19}"; }

# First everything is looked up, then everything is changed: it should take effect at once.
plan=()
for function in $functions; do
  now=$(aws lambda get-alias --function-name "$function" --name live --query FunctionVersion --output text)
  before=
  changed=
  while read -r version modified; do
    case $version in '$LATEST' | '') continue ;; esac
    if [ "$version" -lt "$now" ] && [ "$version" -gt "${before:-0}" ]; then before=$version; fi
    if [ "$version" = "$now" ] && [[ ! "$(seconds "$modified")" < "$(seconds "$began")" ]]; then changed=1; fi
  done < <(aws lambda list-versions-by-function --function-name "$function" --query 'Versions[].[Version,LastModified]' --output text)
  if [ -z "$changed" ]; then
    echo "$function stays at $now: the last deployment did not change it"
  elif [ -z "$before" ]; then
    echo "$function stays at $now: it is new"
  else
    plan+=("$function $before $now")
  fi
done

for step in ${plan[@]+"${plan[@]}"}; do
  read -r function before now <<<"$step"
  # A canary's weights go too, so that every call gets the version before.
  aws lambda update-alias --function-name "$function" --name live --function-version "$before" \
    --routing-config 'AdditionalVersionWeights={}' >/dev/null
  echo "$function: $now -> $before"
done
[ "${#plan[@]}" -gt 0 ] || { echo 'nothing was rolled back' >&2; exit 1; }
cat <<'END'
To go forward again, or before the next deployment if CodeDeploy says that an alias is not where it left it:
END
for step in "${plan[@]}"; do
  read -r function _ now <<<"$step"
  echo "  aws lambda update-alias --function-name $function --name live --function-version $now"
done
