package deploy

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// textLogCLI is an account in which the stack `with` has a role for the delivery log.
const textLogCLI = `#!/bin/sh
case "$*" in
*describe-stacks*--stack-name\ with\ *) echo arn:aws:iam::123456789012:role/text-logs ;;
*describe-stacks*) echo ;;
*set-sms-attributes*) echo "$*" >"$HERE/set" ;;
*get-sms-attributes*) sed 's/.*DeliveryStatusIAMRole=//; s/,.*//' "$HERE/set" ;;
esac
`

// The log of every text is switched on, and not without the groups that CloudFormation gives a retention.
func TestTheTextLogIsSwitchedOn(t *testing.T) {
	account := fakeAWS(t, textLogCLI)
	if out, err := script(t, account, "text-log.sh", "without"); err == nil || !strings.Contains(out, "TextLogs=yes") || has(account, "set") {
		t.Errorf("%v: %s", err, out)
	}
	out, err := script(t, account, "text-log.sh", "with")
	set, _ := os.ReadFile(filepath.Join(account, "set"))
	if err != nil || strings.TrimSpace(out) != "arn:aws:iam::123456789012:role/text-logs" || !strings.Contains(string(set), "DeliveryStatusSuccessSamplingRate=100") {
		t.Errorf("%v: %s, after %s", err, out, set)
	}
}
