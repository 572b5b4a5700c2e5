#!/bin/sh
# Checks the pages in a real browser against the whole product on this machine. Nothing is skipped: a browser that is missing is installed.
set -eu
cd "$(dirname "$0")"

npm ci --no-audit --no-fund
npm run --silent types

CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
if [ -z "$CHROMIUM" ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends chromium
    CHROMIUM=$(command -v chromium)
  else
    npx playwright-core install chromium # which the tests find by themselves
  fi
fi
export CHROMIUM

make -C ../.. binaries
exec node --test "$@"
