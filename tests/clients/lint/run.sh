#!/usr/bin/env bash
# Lints the contract with redocly and with spectral; the configurations beside this file say why something is let through.
set -euo pipefail
cd "$(dirname "$0")"
contract=../../../shared/api/openapi.yaml
[ node_modules -nt package-lock.json ] || npm ci --silent --no-audit --no-fund
[ -z "${FETCH:-}" ] || exit 0
node_modules/.bin/redocly lint --config redocly.yaml "$contract"
node_modules/.bin/spectral lint --fail-severity hint --ruleset spectral.yaml "$contract"
