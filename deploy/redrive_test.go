package deploy

import (
	"strings"
	"testing"
)

// sqs plays a queue with two letters, kept as files, and a function that fails while the file "fail" is there.
const sqs = `#!/bin/sh
cd "$HERE"
case "$*" in
*describe-stack-resource*) echo name ;;
*receive-message*)
  if [ -f 1 ]; then echo '{"Body": "{\"a\":1}", "ReceiptHandle": "1"}'
  elif [ -f 2 ]; then echo '{"Body": "{\"a\":2}", "ReceiptHandle": "2"}'
  else echo null; fi ;;
*"lambda invoke"*) if [ -f fail ]; then echo Unhandled; else echo None; fi ;;
*delete-message*) for last; do :; done; rm "$last" ;;
*) echo "unknown: $*" >&2; exit 1 ;;
esac
`

func TestARedriveRemovesOnlyWhatWasApplied(t *testing.T) {
	folder := fakeAWS(t, sqs)
	touch(t, folder, "1", "2", "fail")
	if out, err := script(t, folder, "redrive.sh", "care-chats"); err == nil || !has(folder, "1") || !has(folder, "2") {
		t.Errorf("while the function fails: %v, %s", err, out)
	}
	remove(t, folder, "fail")
	out, err := script(t, folder, "redrive.sh", "care-chats")
	if err != nil || !strings.Contains(out, "2 texts were applied") || has(folder, "1") || has(folder, "2") {
		t.Errorf("%v, %s", err, out)
	}
}
