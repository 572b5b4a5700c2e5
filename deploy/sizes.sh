#!/bin/sh
# sizes.sh FOLDER:LOGICAL_ID… builds each function for AWS twice, as SAM calls make, and compares the two, and what `make build` left if that is there.
# Prints each binary's size, alone and packed, as docs/performance.md then shows it, and fails if one is not static, not small, or not the same twice.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failed=0
table=$dir/table
printf '| function | MB | packed, MB |\n|---|---|---|\n' >"$table"
wrong() { echo "$1: $2" >&2; failed=1; }
for each in "$@"; do
  name=${each%%:*} logical=${each##*:}
  for n in 1 2; do
    mkdir -p "$dir/$n/$name"
    make --no-print-directory "build-$logical" ARTIFACTS_DIR="$dir/$n/$name"
  done
  binary=$dir/1/$name/bootstrap
  cmp -s "$binary" "$dir/2/$name/bootstrap" || wrong "$name" 'two builds differ'
  sam=.aws-sam/build/$logical/bootstrap
  if test -f "$sam"; then cmp -s "$binary" "$sam" || wrong "$name" 'the build by SAM differs'; fi
  if grep -q -a '/ld-linux' "$binary"; then wrong "$name" 'it is not static'; fi
  size=$(wc -c <"$binary") packed=$(gzip -9 <"$binary" | wc -c)
  printf '%-12s %9d bytes, packed %8d\n' "$name" "$size" "$packed"
  echo "$name $size $packed" | awk '{ printf "| %s | %.1f | %.1f |\n", $1, $2 / 1e6, $3 / 1e6 }' >>"$table"
  test "$size" -lt 11000000 || wrong "$name" 'it is 11 MB or more'
  test "$packed" -lt 4000000 || wrong "$name" 'packed it is 4 MB or more'
done
test "$failed" = 1 || docs/section.sh docs/performance.md sizes <"$table"
exit $failed
