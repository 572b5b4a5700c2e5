package deploy

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// aws plays the AWS CLI on a stack that was last deployed at ten o'clock.
const aws = `#!/bin/sh
case "$*" in
*describe-stacks*) echo 2026-03-01T10:00:00.123000+00:00 ;;
*describe-stack-resources*) echo changed twice same new ;;
*get-alias*changed*) echo 3 ;;
*get-alias*twice*) echo 11 ;;
*get-alias*same*) echo 2 ;;
*get-alias*new*) echo 1 ;;
*list-versions*changed*) printf '$LATEST\t2026-03-01T10:01:00.000+0000\n1\t2026-01-01T10:00:00.000+0000\n2\t2026-02-01T10:00:00.000+0000\n3\t2026-03-01T10:01:00.000+0000\n' ;;
*list-versions*twice*) printf '9\t2026-02-01T10:00:00.000+0000\n10\t2026-02-02T10:00:00.000+0000\n11\t2026-03-01T10:02:00.000+0000\n12\t2026-03-01T11:00:00.000+0000\n' ;;
*list-versions*same*) printf '1\t2026-01-01T10:00:00.000+0000\n2\t2026-02-01T10:00:00.000+0000\n' ;;
*list-versions*new*) printf '1\t2026-03-01T10:02:00.000+0000\n' ;;
*update-alias*) echo "$*" >> "$HERE/calls" ;;
*) echo "unknown: $*" >&2; exit 1 ;;
esac
`

// A function that the last deployment left alone would go two releases back.
func TestARollbackMovesWhatTheLastDeploymentChanged(t *testing.T) {
	folder := fakeAWS(t, aws)
	out, err := script(t, folder, "rollback.sh", "care-chats")
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	made, err := os.ReadFile(filepath.Join(folder, "calls"))
	if err != nil {
		t.Fatal(err)
	}
	const flags = " --routing-config AdditionalVersionWeights={}\n"
	want := "lambda update-alias --function-name changed --name live --function-version 2" + flags +
		"lambda update-alias --function-name twice --name live --function-version 10" + flags
	if diff := cmp.Diff(want, string(made)); diff != "" {
		t.Error(diff)
	}
	for _, said := range []string{"changed: 3 -> 2", "same stays at 2", "new stays at 1", "--function-name twice --name live --function-version 11"} {
		if !strings.Contains(out, said) {
			t.Errorf("it does not say %q: %s", said, out)
		}
	}
}
