# Starts the local machine on free ports for a script; source it. `make binaries local-machine` comes before it.
# It sets WORK (a folder of this run), API and ISSUER, and ends the machine when the script ends.

# start_machine [NAME=VALUE...]
start_machine() {
	WORK=$(mktemp -d)
	: >"$WORK/summary"
	env PORT=0 INBOX_PORT=0 ISSUER_PORT=0 DYNAMODB_PORT=0 SETTINGS_SECONDS=0 "$@" bin/local >"$WORK/summary" 2>"$WORK/log" &
	MACHINE=$!
	trap 'kill "$MACHINE" 2>/dev/null; wait "$MACHINE" 2>/dev/null; rm -rf "$WORK"' EXIT
	until grep -q 'Ctrl-C ends it' "$WORK/summary"; do
		kill -0 "$MACHINE" 2>/dev/null || { cat "$WORK/log"; exit 1; }
		sleep 0.1
	done
	API=$(sed -n 's|^ *the API *\(http.*\)/v1$|\1|p' "$WORK/summary")
	ISSUER=$(sed -n 's|^ *log-ins *\(http[^ ]*\) .*|\1|p' "$WORK/summary")
}

# token ROLE SUBJECT: an access token at harbor.
token() {
	curl -sf "$ISSUER/token?role=$1&organization=harbor&subject=$2" | sed 's/.*"access_token" *: *"\([^"]*\)".*/\1/'
}
