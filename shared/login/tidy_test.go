package login

import (
	"strings"
	"testing"

	"carechat/shared/chat"
)

// People paste what their contacts, a web page or a letter shows.
func TestPastedContacts(t *testing.T) {
	for given, want := range map[string]string{
		"+1 (555) 010-0101": "+15550100101", "+1.555.010.0101": "+15550100101", "+1/555/010/0101": "+15550100101",
		"tel:+1-555-010-0101": "+15550100101", "TEL:+15550100101": "+15550100101", "sms:+15550100101?body=Hi": "+15550100101",
		"\u202a+1 555\u2011010\u20130101\u202c": "+15550100101", "\u2066+1 555\u00a0010\u20120101\u2069": "+15550100101",
		"+1\u200b555010\u22120101": "+15550100101", "  +1 555 010—0101 ": "+15550100101",
		"ana@example.org ": "ana@example.org", "mailto:ana@example.org?subject=Hi": "ana@example.org", "MailTo:Ana@Example.org": "ana@example.org",
		"Ana <ana@example.org>": "ana@example.org", `"Torres, Ana" < ana@example.org >`: "ana@example.org", "\u202aana@example.org\u202c": "ana@example.org",

		"555 010 0101": "", "ana": "", "ana@example.org, eva@example.org": "", "Ana <ana@example.org>, Eva <eva@example.org>": "",
		"Ana <ana@example.org> eva@example.org": "", "<ana@example.org": "", "ana@example.org\r\nBcc: eva@example.org": "",
		"tel:ana": "", "+1555010\n0101": "", "tel:tel:+15550100101": "", "<>@": "",
	} {
		got, ok := chat.Contact(tidy(given))
		if ok != (want != "") || ok && got != want {
			t.Errorf("%q: %q, %v, want %q", given, got, ok, want)
		}
	}
}

// FuzzTidy: whatever was pasted, it is one contact in one spelling or none, and
// nothing is in it that was not given.
func FuzzTidy(f *testing.F) {
	for _, given := range []string{"+1 (555) 010-0101", "Ana <ana@example.org>", "mailto:a@b?x", "<a@b><c@d>", "a@b\r\nBcc: c@d", "\u202e+1\u202c", "tel:"} {
		f.Add(given)
	}
	f.Fuzz(func(t *testing.T, given string) {
		contact, ok := chat.Contact(tidy(given))
		if !ok {
			return
		}
		if again, ok := chat.Contact(contact); !ok || again != contact {
			t.Fatalf("%q became %q and then %q", given, contact, again)
		}
		left := strings.ToLower(given)
		for _, r := range contact {
			_, rest, found := strings.Cut(left, string(r))
			if !found {
				t.Fatalf("%q became %q", given, contact)
			}
			left = rest
		}
	})
}
