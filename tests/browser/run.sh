#!/bin/sh
# Checks the pages in a real browser against the whole product on this machine. Nothing is skipped.
# `run.sh story.test.mjs` runs one file. SCREENSHOTS=1 makes the pictures in docs/screenshots. RUN=lighthouse.mjs runs that instead.
set -eu
cd "$(dirname "$0")"

../needs.sh node chromium
CHROMIUM=$(../needs.sh --path)
export CHROMIUM

[ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --no-audit --no-fund
[ -z "${FETCH:-}" ] || exit 0
npm run --silent types

make -C ../.. binaries local-machine api-docs
exec node "${RUN:-run.mjs}" "$@"
