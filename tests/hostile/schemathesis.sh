#!/usr/bin/env bash
# Holds the running API against shared/api/openapi.yaml with Schemathesis, once
# as each kind of caller. Needs Python 3 with venv; `make binaries local-machine`
# before it. The same seed makes the same calls.
set -euo pipefail
cd "$(dirname "$0")/../.."

VERSION=4.32.5
EXAMPLES=${EXAMPLES:-4} # of each operation and caller
SEED=${SEED:-7391}
CHECKS=not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance
CHECKS+=,response_headers_conformance,unsupported_method,allow_header_conformance,missing_required_header,ignored_auth
tool=$PWD/.cache/schemathesis-$VERSION
contract=$PWD/shared/api/openapi.yaml

if [ ! -x "$tool/bin/schemathesis" ]; then
	rm -rf "$tool"
	python3 -m venv "$tool"
	"$tool/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$VERSION" || { rm -rf "$tool"; exit 1; }
fi

work=$(mktemp -d)
: >"$work/summary"
PORT=0 INBOX_PORT=0 ISSUER_PORT=0 DYNAMODB_PORT=0 SETTINGS_SECONDS=0 bin/local >"$work/summary" 2>"$work/log" &
machine=$!
trap 'kill "$machine" 2>/dev/null; wait "$machine" 2>/dev/null; rm -rf "$work"' EXIT
until grep -q 'Ctrl-C ends it' "$work/summary"; do
	kill -0 "$machine" 2>/dev/null || { cat "$work/log"; exit 1; }
	sleep 0.1
done
api=$(sed -n 's|^ *the API *\(http.*\)/v1$|\1|p' "$work/summary")
issuer=$(sed -n 's|^ *log-ins *\(http[^ ]*\) .*|\1|p' "$work/summary")

token() { # role subject
	curl -sf "$issuer/token?role=$1&organization=harbor&subject=$2" | sed 's/.*"access_token" *: *"\([^"]*\)".*/\1/'
}

# kind, subject: that caller's operations. Member and care manager first: what
# the platform puts may take somebody's rights away.
run() {
	echo "== as $1"
	local bearer
	bearer=$(token "$1" "$2")
	# From a folder of its own, for it leaves one behind.
	(cd "$work" && "$tool/bin/schemathesis" run "$contract" --url "$api" --header "Authorization: Bearer $bearer" \
		--checks "$CHECKS" --phases examples,coverage,fuzzing --max-examples "$EXAMPLES" --seed "$SEED" --workers 1 \
		--suppress-health-check all --warnings off --no-shrink --request-timeout 20) >"$work/run" 2>&1 ||
		{ cat "$work/run"; failed=1; }
	grep -E 'generated|passed|Test cases|No issues' "$work/run" || true
}

failed=0
run member ana
run careManager cm-rivera
run platform platform
exit "$failed"
