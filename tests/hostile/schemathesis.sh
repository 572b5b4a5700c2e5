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
	"$tool/bin/pip" install --quiet --no-compile --disable-pip-version-check "schemathesis==$VERSION" || { rm -rf "$tool"; exit 1; }
fi
[ -z "${FETCH:-}" ] || exit 0

. tests/machine.sh
start_machine

# operations_of KIND prints the options that choose the operations which are for it; those for nobody in particular are the member's. That
# everybody else is refused, tests/access shows.
operations_of() {
	"$tool/bin/python" - "$contract" "$1" <<-'EOF'
	import sys, yaml
	for item in yaml.safe_load(open(sys.argv[1]))["paths"].values():
	    for operation in item.values():
	        if isinstance(operation, dict) and sys.argv[2] in (operation["x-callers"] or ["member"]):
	            print("--include-operation-id", operation["operationId"])
	EOF
}

# kind, subject: that caller's operations. Member and care manager first: what
# the platform puts may take somebody's rights away.
run() {
	echo "== as $1"
	local bearer operations
	bearer=$(token "$1" "$2")
	operations=$(operations_of "$1")
	# From a folder of its own, for it leaves one behind.
	# shellcheck disable=SC2086 # many options
	(cd "$WORK" && "$tool/bin/schemathesis" run "$contract" $operations --url "$API" --header "Authorization: Bearer $bearer" \
		--checks "$CHECKS" --phases examples,coverage,fuzzing --max-examples "$EXAMPLES" --seed "$SEED" --workers 1 \
		--suppress-health-check all --warnings off --no-shrink --request-timeout 20) >"$WORK/run" 2>&1 ||
		{ cat "$WORK/run"; failed=1; }
	grep -E 'generated|passed|Test cases|No issues' "$WORK/run" || true
}

failed=0
run member ana
run careManager cm-rivera
run platform platform
exit "$failed"
