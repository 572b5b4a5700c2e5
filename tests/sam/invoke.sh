#!/usr/bin/env bash
# Runs a function by `sam local invoke` with the event in its folder, for `make sam-invoke F=send`, beside what `make sam-local` runs.
# SAM names the SAM CLI.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/sam/docker.sh

environment=$PWD/.cache/sam-environment.json
[ -s "$environment" ] || { echo "It calls what \`make sam-local\` starts, which is not running." >&2; exit 1; }
sam_flags "$(host_architecture)" "$environment"
# MarkReadFunction, as template.yaml says, is the folder functions/mark-read.
function=$(echo "$1" | awk -F- '{ for (i = 1; i <= NF; i++) printf "%s%s", toupper(substr($i, 1, 1)), substr($i, 2) }')Function
exec "$SAM" local invoke "$function" -e "functions/$1/event.json" "${sam_flags[@]}"
