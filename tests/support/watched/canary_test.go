package watched

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"carechat/tests/support/apitest"
	"carechat/tests/support/invariants"
)

const (
	session = "m.harbor.dana.sEcReTsEcReTsEcReT"
	bearer  = "eyJhbGciOi.access.token"
	aLink   = "LiNkLiNkLiNkLiNkLiNkLiNkLin"
	comment = "My feet tingle."
	birth   = "1961-05-06"
	holiday = "2026-12-25" // on which the log has it in every line
)

// heard is a canary that has heard one call of each sort.
func heard() *canary {
	c := newCanary()
	hear := func(authorization string, in any, status int, out any) {
		c.hear("", []byte(apitest.JSON(map[string]any{
			"headers": map[string]string{"authorization": authorization}, "body": apitest.JSON(in),
			"requestContext": map[string]any{"http": map[string]string{"method": "PUT", "path": "/v1/members/dana"}},
		})), []byte(apitest.JSON(map[string]any{"statusCode": status, "body": apitest.JSON(out)})))
	}
	hear("", map[string]any{"link": aLink, "birthDate": birth}, 201, map[string]any{"token": session})
	hear("Bearer "+bearer, map[string]any{"careManagerId": "cm-rivera", "more": []any{map[string]any{"label": comment}}}, 409,
		map[string]any{"code": "open-request-exists", "current": map[string]any{"comment": comment}})
	hear("Bearer nothing-that-opens", map[string]any{"name": "cm-rivera"}, 401, nil)
	hear("", map[string]any{"careManagerId": "cm-rivera", "holidays": []string{holiday}}, 200, nil)
	return c
}

// row is one with a text in it, as deep as rows go.
func row(sk, text string) invariants.Item {
	s := func(v string) types.AttributeValue { return &types.AttributeValueMemberS{Value: v} }
	return invariants.Item{"PK": s("ORG#harbor#MEMBER#dana"), "SK": s(sk), "history": &types.AttributeValueMemberL{Value: []types.AttributeValue{
		&types.AttributeValueMemberM{Value: map[string]types.AttributeValue{"by": s("x" + text + "x")}},
	}}}
}

// Each secret, and each word, is found where it must not be; and where it may be it is let be.
func TestTheCanarySingsOfEveryWord(t *testing.T) {
	for name, want := range map[string][3]bool{ // in the log, in a text, in a row
		session: {true, true, true}, "sEcReTsEcReTsEcReT": {true, true, true}, bearer: {true, true, true}, aLink: {true, false, true},
		comment: {true, true, false}, birth: {true, true, true}, "cm-rivera": {}, "nothing-that-opens": {}, "dana": {}, holiday: {},
	} {
		for i, got := range [3][]string{
			heard().sing("send | "+name+"!", nil, nil), heard().sing("fine", []string{"Hello " + name}, nil),
			heard().sing("fine", nil, []invariants.Item{row("CHAT#OPEN#p", name)}),
		} {
			if (len(got) > 0) != want[i] {
				t.Errorf("%s in place %d: %q, want %v", name, i, got, want[i])
			}
		}
	}
	unused := "uNuSeDuNuSeDuNuSeDuNuSeDuNu"
	if got := heard().sing("fine", []string{"https://x/#/l/" + unused}, []invariants.Item{row("ASKED", unused)}); len(got) != 1 {
		t.Errorf("a link that nobody used is in a row: %q", got)
	}
	if got := heard().sing("fine", nil, []invariants.Item{row("PROFILE", birth)}); len(got) > 0 {
		t.Errorf("a profile has a birth date: %q", got)
	}
	if len(newCanary().sing("fine", nil, nil)) == 0 {
		t.Error("a canary that heard nothing is content")
	}
}

// A refusal repeats nothing, but for what stands, which its caller may see.
func TestTheCanarySingsOfRefusals(t *testing.T) {
	c := heard()
	if got := c.sing("fine", nil, nil); len(got) > 0 {
		t.Errorf("of what may be shown: %q", got)
	}
	c.refusals = append(c.refusals, "PUT /v1/x: map[detail:"+comment+"]")
	if got := c.sing("fine", nil, nil); len(got) != 1 || !strings.Contains(got[0], comment) {
		t.Errorf("of an echo: %q", got)
	}
}
