#!/bin/sh
# Checks the pages in a real browser against the whole product on this machine. Nothing is skipped: a browser that is missing is installed.
# `run.sh story.test.mjs` runs one file. SCREENSHOTS=1 makes the pictures in docs/screenshots.
set -eu
cd "$(dirname "$0")"

[ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --no-audit --no-fund
npm run --silent types

CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
if [ -z "$CHROMIUM" ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends chromium
    CHROMIUM=$(command -v chromium)
  else
    npx playwright-core install chromium || { # where the tests find it by themselves
      echo 'No Chromium here, and none can be installed. Install one, or say where one is: CHROMIUM=/path/to/chromium' >&2
      exit 1
    }
  fi
fi
export CHROMIUM

make -C ../.. binaries local-machine
exec node run.mjs "$@"
