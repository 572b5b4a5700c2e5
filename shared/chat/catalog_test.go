package chat

import "testing"

func TestWhichPhonesAreReached(t *testing.T) {
	const phone = "+15550100101"
	for code, want := range map[string]bool{"+1": true, "+1555": true, "+1246": false, "+44": false, phone: false, phone + "0": false} {
		if got := (Organization{Countries: []string{"+999", code}}).Reaches(phone); got != want {
			t.Errorf("%s: %v", code, got)
		}
	}
	if (Organization{}).Reaches(phone) {
		t.Error("an organization of no country reaches a phone")
	}
}
