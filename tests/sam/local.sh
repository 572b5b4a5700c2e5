#!/usr/bin/env bash
# Runs the local machine behind `sam local start-api`, for `make sam-local`. Arguments are appended to SAM's.
# SAM names the SAM CLI, PORT the port of the API.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/sam/docker.sh

docker info >/dev/null 2>&1 || { echo "Docker is not running. \`make run\` needs none." >&2; exit 1; }

architecture=$(host_architecture)
environment=$PWD/.cache/sam-environment.json
make --no-print-directory build binaries local-machine SAM="$SAM" ARCHITECTURE="$architecture"
sam_flags "$architecture" "$environment"

# Both end with this script, however it ends; SAM removes its containers.
machine='' api=''
trap 'kill $api $machine 2>/dev/null || true; wait' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

rm -f "$environment"
GATEWAY=$(gateway)
export GATEWAY
bin/local -sam -sam-env "$environment" &
machine=$!
until [ -s "$environment" ]; do
  kill -0 "$machine" 2>/dev/null || { echo "the local machine did not start" >&2; exit 1; }
  sleep 0.2
done
"$SAM" local start-api --port "${PORT:-3000}" --warm-containers LAZY "${sam_flags[@]}" "$@" &
api=$!
# Neither is of use without the other.
while kill -0 "$api" 2>/dev/null; do
  kill -0 "$machine" 2>/dev/null || { echo "the local machine ended" >&2; exit 1; }
  sleep 0.5
done
wait "$api"
