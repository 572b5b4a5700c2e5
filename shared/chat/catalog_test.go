package chat

import "testing"

func TestWhichPhonesMayBeTexted(t *testing.T) {
	const phone = "+15550100101"
	for code, want := range map[string]bool{"+1": true, "+1555": true, "+1246": false, "+44": false, phone: false, phone + "0": false} {
		if got := (Organization{Countries: []string{"+999", code}}).MayText(phone); got != want {
			t.Errorf("%s: %v", code, got)
		}
	}
	if (Organization{}).MayText(phone) {
		t.Error("an organization of no country may text a phone")
	}
}
