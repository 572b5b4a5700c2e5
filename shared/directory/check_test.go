package directory

import (
	"slices"
	"testing"

	"carechat/shared/chat"
	"carechat/shared/problem"

	"github.com/google/go-cmp/cmp"
)

func pointers(f problem.Fields) []string {
	var all []string
	for _, each := range f {
		all = append(all, each.Pointer+" "+each.Code)
	}
	slices.Sort(all)
	return all
}

func TestInvalidEntries(t *testing.T) {
	catalog := chat.Catalog{
		Organization: chat.Organization{Issuers: []chat.Issuer{{Issuer: "https://id.example"}}},
		Programs:     map[string]chat.Program{"diabetes": {ID: "diabetes"}},
		Departments:  map[string]chat.Department{"nurses": {ID: "nurses"}},
	}
	bilingual := chat.Catalog{Organization: chat.Organization{Languages: []string{"en", "es"}}}
	good := chat.Labels{"en": "How I feel"}
	for name, c := range map[string]struct {
		check func(*checks)
		want  []string
	}{
		"a program": {func(f *checks) {
			programKind.check(f, catalog, nil, chat.Program{Name: "D", Kind: chat.Guided, DepartmentID: "nurses"})
		}, nil},
		"of no department": {func(f *checks) {
			programKind.check(f, catalog, nil, chat.Program{Name: "D", Kind: chat.Guided, DepartmentID: "x"})
		}, []string{"/departmentId unknown"}},
		"of no kind": {func(f *checks) { programKind.check(f, catalog, nil, chat.Program{Name: "D", DepartmentID: "nurses"}) }, []string{"/kind required"}},
		"a reason": {func(f *checks) {
			reasonKind.check(f, catalog, nil, chat.Reason{Labels: good, ProgramIDs: []string{"diabetes"}})
		}, nil},
		"in both languages": {func(f *checks) {
			reasonKind.check(f, bilingual, nil, chat.Reason{Labels: chat.Labels{"en": "How I feel", "es": "Cómo me siento"}})
		}, nil},
		"in one of two": {func(f *checks) { reasonKind.check(f, bilingual, nil, chat.Reason{Labels: good}) }, []string{"/labels/es required"}},
		"in one of two, as before": {func(f *checks) {
			reasonKind.check(f, bilingual, &chat.Reason{Labels: good}, chat.Reason{Labels: good, Order: 7})
		}, nil},
		"in one of two, changed": {func(f *checks) {
			reasonKind.check(f, bilingual, &chat.Reason{Labels: good}, chat.Reason{Labels: chat.Labels{"en": "Symptoms"}})
		}, []string{"/labels/es required"}},
		"in more than needed": {func(f *checks) {
			reasonKind.check(f, catalog, nil, chat.Reason{Labels: chat.Labels{"en": "How I feel", "es": "Cómo me siento"}})
		}, nil},
		"for no program": {func(f *checks) { reasonKind.check(f, catalog, nil, chat.Reason{Labels: good, ProgramIDs: []string{}}) }, []string{"/programIds too-few"}},
		"for a program not there": {func(f *checks) {
			reasonKind.check(f, catalog, nil, chat.Reason{Labels: good, ProgramIDs: []string{"diabetes", "x"}})
		}, []string{"/programIds/1 unknown"}},
		"for what is no id": {func(f *checks) {
			reasonKind.check(f, catalog, nil, chat.Reason{Labels: good, ProgramIDs: []string{"a b"}})
		}, []string{"/programIds/0 invalid"}},
		"a reason of no place": {func(f *checks) { reasonKind.check(f, catalog, nil, chat.Reason{Labels: good, Order: NotGiven}) }, []string{"/order required"}},
		"a reply at once":      {func(f *checks) { reasonKind.check(f, catalog, nil, chat.Reason{Labels: good, ReplyHours: -1}) }, []string{"/replyHours out-of-range"}},
		"a care manager": {func(f *checks) {
			checkCareManager(f, catalog, chat.CareManagerRow{Name: "R", DepartmentIDs: []string{"nurses"}})
		}, nil},
		"who belongs nowhere": {func(f *checks) { checkCareManager(f, catalog, chat.CareManagerRow{Name: "R"}) }, []string{"/departmentIds too-few"}},
		"who belongs there twice": {func(f *checks) {
			checkCareManager(f, catalog, chat.CareManagerRow{Name: "R", DepartmentIDs: []string{"nurses", "nurses"}})
		}, []string{"/departmentIds/1 duplicate"}},
		"an issuer": {func(f *checks) {
			checkIssuers(f, []chat.Issuer{{Issuer: "http://localhost:1/a", Audience: "care-chats", KeysURL: "http://x:2/keys"}})
		}, nil},
		"an invalid issuer":    {func(f *checks) { checkIssuers(f, []chat.Issuer{{Issuer: "ftp://a", Audience: "care-chats"}}) }, []string{"/issuers/0/issuer invalid"}},
		"an issuer for nobody": {func(f *checks) { checkIssuers(f, []chat.Issuer{{Issuer: "https://a", Audience: ""}}) }, []string{"/issuers/0/audience required"}},
		"the same issuer twice": {func(f *checks) {
			checkIssuers(f, []chat.Issuer{{Issuer: "https://a", Audience: "x"}, {Issuer: "https://a", Audience: "y"}})
		}, []string{"/issuers/1 duplicate"}},
		"an organization without": {func(f *checks) { checkIssuers(f, nil) }, []string{"/issuers required"}},
	} {
		var f checks
		c.check(&f)
		if diff := cmp.Diff(c.want, pointers(f.Fields)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
