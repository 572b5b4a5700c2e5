#!/usr/bin/env bash
# Tests that this machine's SNS behaves as moto's does, so that it is not made up.
# Needs Python 3 with venv, which installs moto once.
set -euo pipefail
cd "$(dirname "$0")/../.."

VERSION=5.2.5
tool=$PWD/.cache/moto-$VERSION

if [ ! -x "$tool/bin/moto_server" ]; then
	rm -rf "$tool"
	python3 -m venv "$tool"
	"$tool/bin/pip" install --quiet --no-compile --disable-pip-version-check "moto[server,sns,sqs]==$VERSION" || { rm -rf "$tool"; exit 1; }
fi
[ -z "${FETCH:-}" ] || exit 0

work=$(mktemp -d)
"$tool/bin/moto_server" -H 127.0.0.1 -p 0 >"$work/log" 2>&1 &
moto=$!
trap 'kill "$moto" 2>/dev/null; wait "$moto" 2>/dev/null; rm -rf "$work"' EXIT
until address=$(grep -o 'http://127.0.0.1:[0-9]*' "$work/log"); do
	kill -0 "$moto" 2>/dev/null || { cat "$work/log"; exit 1; }
	sleep 0.1
done
MOTO=$address ${GO:-go} test -count=1 ./tests/sns "$@"
