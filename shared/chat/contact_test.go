package chat

import (
	"strings"
	"testing"
)

// Exactly one address comes out of what is given, or none.
func TestContact(t *testing.T) {
	long := strings.Repeat("a", 64) + "@" + strings.Repeat(strings.Repeat("d", 61)+".", 3) + "org"
	for given, want := range map[string]string{
		"+15550100199":            "+15550100199",
		"+1234567":                "+1234567",
		"+123456789012345":        "+123456789012345",
		"ana@example.org":         "ana@example.org",
		"Ana.Reyes+x@Example.ORG": "ana.reyes+x@example.org",
		long:                      long,

		"": "", "15550100199": "", "+05550100199": "", "+123456": "", "+1234567890123456": "", "+1 555 010 0199": "", "+1555010٠199": "",
		"+15550100199\n": "", "ana": "", "ana@": "", "@example.org": "", "ana@@example.org": "", "ana@example.org,eva@example.org": "",
		"ana@example.org;eva@example.org": "", "Ana <ana@example.org>": "", "ana@example.org\r\nBcc: eva@example.org": "", "ana@example.org ": "",
		`"ana"@example.org`: "", "ana@-example.org": "", "ana@example..org": "", "аna@example.org": "", "x" + long: "", "ana@example.org\x00": "",
	} {
		got, ok := Contact(given)
		if ok != (want != "") || ok && got != want {
			t.Errorf("%q: %q, %v", given, got, ok)
		}
	}
}

// U+212A, the Kelvin sign, becomes a plain k in lower case.
func TestAnAddressIsPlainBeforeItIsLowered(t *testing.T) {
	for _, given := range []string{"\u212aim@example.org", "kim@\u212aiosk.example.org"} {
		if got, ok := Contact(given); ok {
			t.Errorf("%q is taken for %q", given, got)
		}
	}
}

// FuzzContact: a contact is one address in one spelling, in which no list, header
// or display name can hide; that spelling is a contact itself (S4).
func FuzzContact(f *testing.F) {
	for _, given := range []string{
		"+15550100101", "Ana@Example.org", "a@b,c@d", "a@b\r\nBcc: c@d", "Ana <a@b>", "+1 (555) 010", "+１５５５０１００１０１", "a@b\n", "+15550100101\n",
		`"a b"@c`, "a@[127.0.0.1]", "a+tag@b.c", "K@b.c", "\u212a@b.c",
	} {
		f.Add(given)
	}
	f.Fuzz(func(t *testing.T, given string) {
		contact, ok := Contact(given)
		if !ok {
			return
		}
		if again, ok := Contact(contact); !ok || again != contact {
			t.Fatalf("%q became %q and then %q", given, contact, again)
		}
		if strings.ContainsAny(contact, " ,;<>\"\r\n\t()[]\\:") || strings.Count(contact, "@") > 1 || len(contact) > 254 {
			t.Fatalf("%q is taken for one address", given)
		}
	})
}
