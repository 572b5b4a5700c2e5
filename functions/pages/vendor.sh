#!/bin/sh
# Rebuilds common/vendor: Preact, its hooks and htm as one module, with their licenses. The result must be what the checksums say, byte for byte;
# `vendor.sh update`, after a version below has changed, writes new checksums. Needs npm.
set -eu
cd "$(dirname "$0")/common/vendor"

PREACT=11.2.0
HTM=3.1.1
ESBUILD=0.28.2
FILES='preact-htm.js preact-htm.LICENSE.txt'

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install --prefix "$work" --silent --no-audit --no-fund --ignore-scripts --no-save "preact@$PREACT" "htm@$HTM" "esbuild@$ESBUILD"

cat > "$work/entry.js" <<'END'
import { h } from "preact";
import htm from "htm";
export { Component, render } from "preact";
export { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
export const html = htm.bind(h);
END
"$work/node_modules/.bin/esbuild" "$work/entry.js" --bundle --minify --format=esm --target=es2022 --legal-comments=none --log-level=warning \
  --banner:js="/*! Preact $PREACT and htm $HTM; their licenses are in preact-htm.LICENSE.txt. */" --outfile="$work/preact-htm.js"
{
  printf 'Preact %s\n\n' "$PREACT"
  cat "$work/node_modules/preact/LICENSE"
  printf '\n\nhtm %s\n\n' "$HTM"
  cat "$work/node_modules/htm/LICENSE"
} > "$work/preact-htm.LICENSE.txt"

sums() { if command -v sha256sum >/dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi; }
if [ "${1:-}" = update ]; then (cd "$work" && sums $FILES) > SHA256SUMS; fi
(cd "$work" && sums -c) < SHA256SUMS
for file in $FILES; do cp "$work/$file" "$file"; done
