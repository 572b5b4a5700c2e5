package access

import (
	"net/http"
	"strings"
	"testing"
)

// Whoever fetches a link's address, a mail scanner say, gets a page and changes
// no row: what follows the # never reaches us, and what is sent all the same, in
// a path of an app's own making, opens nothing (G9, S2).
func TestOpeningALinkChangesNothing(t *testing.T) {
	const phone = "+15550109004"
	begin(t)
	c := newClient(t)
	provision := token(t, "platform", "harbor", "platform")
	c.want(201, provision, "PUT", "/v1/members/ox-member", person(`"phone": "`+phone+`"`, "Ona Test"))
	link := c.link(phone)
	rows := func() string {
		var b strings.Builder
		for _, r := range everything(t) {
			if pk := textOf(r, "PK"); strings.HasPrefix(pk, "LINK#") || pk == "ORG#harbor#MEMBER#ox-member" {
				b.WriteString(marshal(r) + "\n")
			}
		}
		return b.String()
	}
	before := rows()
	for _, method := range []string{"GET", "HEAD", "OPTIONS"} {
		for _, path := range []string{"/#/l/" + link, "/l/" + link, "/?l=" + link, "/v1/sessions?link=" + link} {
			r, err := http.NewRequestWithContext(t.Context(), method, here.URL+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode >= 500 {
				t.Errorf("%s %s: %d", method, path, resp.StatusCode)
			}
		}
	}
	if after := rows(); after != before {
		t.Errorf("rows were\n%s\nand are\n%s", before, after)
	}
	if !strings.Contains(before, "LINK#") {
		t.Error("no link's row was looked at")
	}
	c.logIn(link, birthDate)
}
