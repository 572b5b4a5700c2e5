package hostile

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// S4: a contact is one phone number or one address, as people paste it. Anything else is 422.
func TestInvalidContacts(t *testing.T) {
	o := operation("askForLink")
	var probes []probe
	for _, contact := range []string{
		"", " ", marker, "5550100101", "+", "+0550100101", "tel:ana", "mailto:", "<a@example.org", "Ana <a@example.org>, <b@example.org>", "+1", "+12345", "911", "+15550100101;ext=1", "+15550100101,+15550100102",
		"+１５５５０１００１０１", "+1555010010\u0661", "0015550100101", "+1555010010123456", "+1555010010a", "+1e10",
		"a@", "@b", "a@b,c@d", "a@b;c@d", "a@b c@d", "a@b\r\nBcc: c@d", "a@b\nc@d", "a@b\u0000", `"a b"@example.org`, "a@[127.0.0.1]", "a@@b", "a@b@c", "a b@example.org",
		"аna@example.org", "a@exаmple.org", "a@example..org", "a@-example.org", "a@example.org.", strings.Repeat("a", 65) + "@example.org",
		"a@" + strings.Repeat("b.", 130) + "org", "a@" + strings.Repeat("b", 64) + ".org", "a@example.org?bcc=" + marker, "a@example.org#" + marker,
	} {
		raw, _ := json.Marshal(map[string]string{"contact": contact})
		probes = append(probes, bodied(o, fmt.Sprintf("contact %.40q", contact), raw, 422))
	}
	refuse(t, probes)
}

// S2: an invalid link is answered like an unknown one, with any birth date. An invalid
// date is 422.
func TestInvalidLinksAndBirthDates(t *testing.T) {
	o := operation("logIn")
	unknown := strings.Repeat("A", 27)
	var probes []probe
	for _, link := range []string{
		"", " ", marker, unknown, unknown[1:], unknown + "A", unknown + ".", unknown + ")", unknown + "\n", unknown + "\u0000", "LINK#" + unknown[5:], strings.ToUpper(unknown), strings.Repeat("Ａ", 27),
		"http://localhost:3000/#/l/" + unknown, "%41" + unknown[3:], "m.harbor.ana." + strings.Repeat("x", 43), "../" + unknown[3:], "*", "' OR '1'='1", ":v0", strings.Repeat("A", 60000),
	} {
		for _, born := range []string{"", "1970-02-03"} {
			raw, _ := json.Marshal(map[string]string{"link": link, "birthDate": born})
			probes = append(probes, bodied(o, fmt.Sprintf("link %.40q born %q", link, born), raw, 410))
		}
	}
	for _, born := range []string{
		" ", marker, "2026-02-30", "2026-13-01", "2026-00-10", "10000-01-01", "-001-01-01", "1970-2-3", "19700203", "03/02/1970", "1970-02-03T00:00:00Z", "1970-02-03 ", "１９７０-02-03",
		"\u0661\u0669\u0667\u0660-\u0660\u0662-\u0660\u0663", "1970-02-03\u0000", "1970-02-03#", "0", "' OR '1'='1",
	} {
		raw, _ := json.Marshal(map[string]string{"link": unknown, "birthDate": born})
		probes = append(probes, bodied(o, fmt.Sprintf("born %q", born), raw, 422))
	}
	refuse(t, probes)
}
