#!/bin/sh
# Writes the contract as one HTML page that needs no network, bin/api-docs.html: Redoc, its script and the contract in one file. Needs npm.
set -eu
cd "$(dirname "$0")/../.."

REDOC=2.5.4
SHA256=dcaf76612bc4a3fbcc923a8966dee2f6146a5f32e5ce1b6f02dd60cbbf89500b # of its bundle

redoc=.cache/redoc-$REDOC
if [ ! -f "$redoc/package/bundles/redoc.standalone.js" ]; then
  rm -rf "$redoc" && mkdir -p "$redoc"
  npm pack --silent --pack-destination "$redoc" "redoc@$REDOC" >/dev/null
  tar -xzf "$redoc"/*.tgz -C "$redoc"
fi
[ -z "${FETCH:-}" ] || exit 0
mkdir -p bin
SHA256=$SHA256 node docs/page/build.mjs "$redoc/package/bundles" shared/api/openapi.json bin/api-docs.html
