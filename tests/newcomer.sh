#!/usr/bin/env bash
# Clones this commit and times what a newcomer does first: until make says what there is, until the machine of `make run` serves and has
# seeded, until `make sam-local` answers, and, with TEST=1, the tests. COLD=1 gives Go empty caches, so that it downloads and compiles all.
# Writes what it measured into docs/local.md.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD work=$(mktemp -d)
stack=''
trap '[ -z "$stack" ] || kill -- "-$stack" 2>/dev/null || true; chmod -R u+w "$work"; rm -rf "$work"' EXIT
git clone --quiet . "$work/clone"
cd "$work/clone"
export PORT=${PORT:-3500} INBOX_PORT=${INBOX_PORT:-3501} ISSUER_PORT=${ISSUER_PORT:-3502} DYNAMODB_PORT=${DYNAMODB_PORT:-3508}
caches='warm caches'
if [ -n "${COLD:-}" ]; then
	export GOCACHE=$work/build GOMODCACHE=$work/modules npm_config_cache=$work/npm
	caches='empty caches'
fi

rows=''
# timed NAME BEGIN: the seconds since BEGIN, as a row.
timed() { rows+="| $1 | $(($(date +%s) - $2)) |"$'\n'; }

# serves TARGET LINE: starts a target that does not end, in a group of its own, waits for a line and ends it.
serves() {
	local begin
	begin=$(date +%s)
	set -m
	make "$1" >"$work/log" 2>&1 </dev/null &
	stack=$!
	set +m
	until grep -q "$2" "$work/log" && curl --silent --fail --output /dev/null "http://127.0.0.1:$PORT/v1/health"; do
		kill -0 "$stack" 2>/dev/null || { cat "$work/log"; exit 1; }
		sleep 0.2
	done
	timed "\`make $1\`" "$begin"
	kill -TERM -- "-$stack"
	wait "$stack" 2>/dev/null || true
	stack=''
}

begin=$(date +%s); make help >/dev/null; timed '`make help`' "$begin"
serves run 'Ctrl-C ends it'
if docker info >/dev/null 2>&1; then serves sam-local '^ready'; else echo 'no Docker here: make sam-local is not timed'; fi
if [ -n "${TEST:-}" ]; then begin=$(date +%s); make test; timed '`make test`' "$begin"; fi

table="| in a fresh clone, with $caches | seconds |"$'\n|---|---|\n'"$rows"
printf '%s' "$table" | tee "$work/table"
"$root/docs/section.sh" "$root/docs/local.md" newcomer <"$work/table"
