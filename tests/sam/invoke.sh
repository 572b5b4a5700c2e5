#!/usr/bin/env bash
# Runs a function by `sam local invoke` with the event in its folder, for `make sam-invoke F=send`, beside what `make sam-local` runs.
# SAM names the SAM CLI.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/sam/docker.sh

environment=$PWD/.cache/sam-environment.json
[ -s "$environment" ] || { echo "It calls what \`make sam-local\` starts, which is not running." >&2; exit 1; }
sam_flags "$(host_architecture)" "$environment"
exec "$SAM" local invoke "$(logical "$1")" -e "functions/$1/event.json" "${sam_flags[@]}"
