#!/bin/sh
# section.sh PAGE NAME <TEXT puts a text between the marks <!-- NAME --> and <!-- /NAME --> of a page, and fails if the page lacks one, or there is no text.
set -eu
text=$(mktemp)
trap 'rm -f "$text" "$text.page"' EXIT
cat >"$text"
test -s "$text" || { echo "no text for $1" >&2; exit 1; }
for mark in "$2" "/$2"; do
  grep -qx "<!-- $mark -->" "$1" || { echo "$1 has no line <!-- $mark -->" >&2; exit 1; }
done
awk -v text="$text" -v name="$2" '
  $0 == "<!-- /" name " -->" { inside = 0; while ((getline line <text) > 0) print line }
  !inside { print }
  $0 == "<!-- " name " -->" { inside = 1 }' "$1" >"$text.page"
cat "$text.page" >"$1"
