package access

import (
	"carechat/tests/support/apiclient"
	"carechat/tests/support/town"
	"net/http"
	"strings"
	"testing"
)

// Fetching a link's URL, as a mail scanner does, changes no row: what follows the #
// never reaches the API, and a link in a path or a query opens nothing (G9, S2).
func TestOpeningALinkChangesNothing(t *testing.T) {
	const phone = "+15550109004"
	begin(t)
	c := newClient(t)
	c.platform("harbor").PutMember("ox-member", town.Phone(phone))
	link := c.link(phone)
	rows := func() string {
		var b strings.Builder
		for _, r := range here.Rows(t) {
			if pk := textOf(r, "PK"); strings.HasPrefix(pk, "LINK#") || pk == "ORG#harbor#MEMBER#ox-member" {
				b.WriteString(apiclient.JSON(r) + "\n")
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
		t.Error("the link has no row")
	}
	c.logIn(link, town.BirthDate)
}
