package watch

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"carechat/shared/invariants"
	"carechat/tests/support/apiclient"
)

const (
	session = "m.harbor.dana.sEcReTsEcReTsEcReT"
	bearer  = "eyJhbGciOi.access.token"
	theLink = "LiNkLiNkLiNkLiNkLiNkLiNkLin"
	comment = "My feet tingle."
	birth   = "1961-05-06"
	holiday = "2026-12-25" // on that day every line of the log has it
)

// observed returns the words of one call of each sort.
func observed() *leaks {
	c := newLeaks()
	observe := func(authorization string, in any, status int, out any) {
		c.observe("", []byte(apiclient.JSON(map[string]any{
			"headers": map[string]string{"authorization": authorization}, "body": apiclient.JSON(in),
			"requestContext": map[string]any{"http": map[string]string{"method": "PUT", "path": "/v1/members/dana"}},
		})), []byte(apiclient.JSON(map[string]any{"statusCode": status, "body": apiclient.JSON(out)})))
	}
	observe("", map[string]any{"link": theLink, "birthDate": birth}, 201, map[string]any{"token": session})
	observe("Bearer "+bearer, map[string]any{"careManagerId": "cm-rivera", "more": []any{map[string]any{"label": comment}}}, 409,
		map[string]any{"code": "open-request-exists", "current": map[string]any{"comment": comment}})
	observe("Bearer nothing-that-opens", map[string]any{"name": "cm-rivera"}, 401, nil)
	observe("", map[string]any{"careManagerId": "cm-rivera", "holidays": []string{holiday}}, 200, nil)
	return c
}

// row returns a row with a text in it, nested as deeply as rows are.
func row(sk, text string) invariants.Item {
	s := func(v string) types.AttributeValue { return &types.AttributeValueMemberS{Value: v} }
	return invariants.Item{"PK": s("ORG#harbor#MEMBER#dana"), "SK": s(sk), "history": &types.AttributeValueMemberL{Value: []types.AttributeValue{
		&types.AttributeValueMemberM{Value: map[string]types.AttributeValue{"by": s("x" + text + "x")}},
	}}}
}

// Each secret and each word is found where it must not be, and only there.
func TestEveryLeakedWordIsFound(t *testing.T) {
	for name, want := range map[string][3]bool{ // in the log, in a text, in a row
		session: {true, true, true}, "sEcReTsEcReTsEcReT": {true, true, true}, bearer: {true, true, true}, theLink: {true, false, true},
		comment: {true, true, false}, birth: {true, true, true}, "cm-rivera": {}, "nothing-that-opens": {}, "dana": {}, holiday: {},
	} {
		for i, got := range [3][]string{
			observed().find("send | "+name+"!", nil, nil), observed().find("fine", []string{"Hello " + name}, nil),
			observed().find("fine", nil, []invariants.Item{row("CHAT#OPEN#p", name)}),
		} {
			if (len(got) > 0) != want[i] {
				t.Errorf("%s in place %d: %q, want %v", name, i, got, want[i])
			}
		}
	}
	unused := "uNuSeDuNuSeDuNuSeDuNuSeDuNu"
	if got := observed().find("fine", []string{"https://x/#/l/" + unused}, []invariants.Item{row("ASKED", unused)}); len(got) != 1 {
		t.Errorf("an unused link in a row: %q", got)
	}
	if got := observed().find("fine", nil, []invariants.Item{row("PROFILE", birth)}); len(got) > 0 {
		t.Errorf("a birth date in a profile, where it belongs: %q", got)
	}
	if len(newLeaks().find("fine", nil, nil)) == 0 {
		t.Error("having observed nothing is no failure")
	}
}

// A refusal repeats nothing but the current state, which its caller may see.
func TestWordsRepeatedByARefusalAreFound(t *testing.T) {
	c := observed()
	if got := c.find("fine", nil, nil); len(got) > 0 {
		t.Errorf("the current state: %q", got)
	}
	c.refusals = append(c.refusals, "PUT /v1/x: map[detail:"+comment+"]")
	if got := c.find("fine", nil, nil); len(got) != 1 || !strings.Contains(got[0], comment) {
		t.Errorf("an echo: %q", got)
	}
}
