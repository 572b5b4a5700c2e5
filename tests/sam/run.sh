#!/usr/bin/env bash
# Lints and builds the template with the real SAM CLI, and serves and invokes it if Docker runs or can be started.
# SAM names the SAM CLI, LAMBDA_PORT the port of its Lambda service; PORT and the local machine's other settings are those of `make run`.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/sam/docker.sh

export PORT=${PORT:-3000}
architecture=$(host_architecture)
api=http://127.0.0.1:$PORT
lambda_port=${LAMBDA_PORT:-3003}
mkdir -p .cache
logs=$PWD/.cache/sam-local.log
daemon='' stack='' service=''

# stop PID ends a process and waits until it has ended.
stop() {
  [ -n "$1" ] || return 0
  kill -TERM "$1" 2>/dev/null || return 0
  for _ in $(seq 100); do
    kill -0 "$1" 2>/dev/null || return 0
    sleep 0.2
  done
  kill -KILL "$1" 2>/dev/null || true
}

finish() {
  status=$?
  stop "$service"
  stop_stack
  stop "$daemon"
  if [ "$status" -ne 0 ] && [ -s "$logs" ]; then
    echo "--- the end of $logs" && tail -n 60 "$logs"
  fi
  exit "$status"
}
trap finish EXIT

# The stack is a process group: the script, the local machine and SAM. SAM removes its containers when it gets SIGTERM.
stop_stack() {
  [ -n "$stack" ] || return 0
  pkill -TERM -g "$stack" 2>/dev/null || true
  for _ in $(seq 100); do
    pgrep -g "$stack" >/dev/null || { stack=''; return 0; }
    sleep 0.2
  done
  pkill -KILL -g "$stack" 2>/dev/null || true
  stack=''
}

start_docker() {
  docker info >/dev/null 2>&1 && return 0
  [ "$(id -u)" = 0 ] || return 1
  if command -v apt-get >/dev/null && ! { command -v dockerd && command -v busybox && command -v iptables; } >/dev/null; then
    apt-get update -qq && apt-get install -y -qq --no-install-recommends docker.io iptables busybox-static >/dev/null || return 1
  fi
  command -v dockerd >/dev/null || return 1
  dockerd >.cache/dockerd.log 2>&1 &
  daemon=$!
  for _ in $(seq 150); do
    docker info >/dev/null 2>&1 && return 0
    kill -0 "$daemon" 2>/dev/null || { daemon=''; return 1; }
    sleep 0.2
  done
  return 1
}

# await WHAT PID COMMAND waits until the command succeeds. It fails if the process ends before that.
await() {
  for _ in $(seq 600); do
    "$3" && return 0
    kill -0 "$2" 2>/dev/null || { echo "$1 ended"; return 1; }
    sleep 0.5
  done
  echo "$1 was not ready within five minutes"
  return 1
}

# Succeeds when the API answers and the machine behind it has seeded.
ready() {
  curl --silent --fail --output /dev/null --max-time 10 "$api/v1/health" && grep -q '^ready' "$logs"
}

start_stack() {
  set -m # a group of its own
  tests/sam/local.sh >"$logs" 2>&1 </dev/null &
  stack=$!
  set +m
  await "sam local start-api" "$stack" ready
}

service_answers() { curl --silent --output /dev/null "http://127.0.0.1:$lambda_port"; }

# start_service starts `sam local start-lambda`: it runs a function as `sam local invoke` does, which takes seconds to start for each.
start_service() {
  if service_answers; then
    echo "port $lambda_port is taken: set LAMBDA_PORT to a free one" # else that service would answer, with another's functions
    return 1
  fi
  sam_flags "$architecture" .cache/sam-environment.json
  "$SAM" local start-lambda --port "$lambda_port" "${sam_flags[@]}" >>"$logs" 2>&1 </dev/null &
  service=$!
  await "sam local start-lambda" "$service" service_answers
}

# by_service FOLDER and by_command FOLDER send a function the event in its folder and print its answer.
by_service() {
  curl --silent --show-error --fail --data-binary "@functions/$1/event.json" "http://127.0.0.1:$lambda_port/2015-03-31/functions/$(logical "$1")/invocations"
}
by_command() { tests/sam/invoke.sh "$1" 2>>"$logs" </dev/null; }

# answers HOW FOLDER fails if the function's answer is an error of the function, or none.
answers() {
  local answer
  answer=$("$1" "$2")
  case "$answer" in
    *'"errorMessage"'* | *'"errorType"'* | '') echo "$2: ${answer:-no answer}"; return 1 ;;
    *) echo "$2: $(echo "$answer" | grep -o '"statusCode": *[0-9]*' || echo "${answer:0:80}")" ;;
  esac
}

# join finds each id of the access log, as the template names them, in the function's line of a call, and Lambda's in Lambda's own lines.
join() {
  local ours line name lambda
  ours=$(curl --silent --show-error --dump-header - --output /dev/null "$api/v1/me" | tr -d '\r' | sed -n 's/^x-request-id: //Ip')
  for _ in $(seq 100); do # SAM passes a function's lines on when it likes
    line=$(grep -a -F "\"requestId\":\"$ours\"" "$logs" | tail -n 1) || true # not there yet
    lambda=$(echo "$line" | sed 's/.*"lambdaRequestId":"\([^"]*\)".*/\1/')
    if [ -n "$line" ] && grep -a -q "RequestId: $lambda" "$logs"; then break; fi
    sleep 0.1
  done
  for name in $(grep -o '"[a-zA-Z]*RequestId":"$context' template.yaml | cut -d '"' -f 2); do
    echo "$line" | grep -q "\"$name\":\"[^\"]" || { echo "no $name in the line of the call ${ours:-without an id}: $line"; return 1; }
  done
  grep -a -q "RequestId: $lambda" "$logs" || { echo "Lambda has no line of $lambda"; return 1; }
  echo "the call $ours is joined by each id of the access log"
}

"$SAM" validate --lint
make --no-print-directory build SAM="$SAM" ARCHITECTURE="$architecture" >"$logs" 2>&1
echo "built for $architecture: $(ls -d .aws-sam/build/*Function | wc -l) functions"

if ! start_docker; then
  echo "*** NO DOCKER HERE: NOTHING WAS RUN UNDER sam local. ***"
  exit 0
fi
start_stack
API=$api INBOX=http://127.0.0.1:${INBOX_PORT:-3001} ISSUER=http://localhost:${ISSUER_PORT:-3002} docs/examples/story.sh
answers by_command send
start_service
for event in functions/*/event.json; do
  answers by_service "$(basename "$(dirname "$event")")"
done
join
