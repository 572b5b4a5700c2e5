package directory

import (
	"context"
	"strconv"
	"time"

	"carechat/shared/chat"
	"carechat/shared/problem"
)

// OperatorStore is what the operator needs of a table.
type OperatorStore interface {
	OrganizationStore
	ExportStore
	EraseStore
	// IssuerOwner returns the organization that an issuer belongs to, "" if none.
	IssuerOwner(ctx context.Context, issuer string) (string, error)
}

// OperatorService holds the use cases of the operator.
type OperatorService struct {
	Store OperatorStore
	Now   func() time.Time
}

// Provision makes or replaces an organization with its issuers. Only the operator
// calls it (S6): there is no caller to check.
func (s *OperatorService) Provision(ctx context.Context, o chat.Organization, missing problem.Fields) (Stored[chat.Organization], error) {
	f := &checks{missing}
	f.id("/id", o.ID)
	checkOrganization(f, o)
	checkIssuers(f, o.Issuers)
	if err := f.Err(); err != nil {
		return Stored[chat.Organization]{}, err
	}
	return saveOrganization(ctx, s.Store, Put[chat.Organization]{ID: o.ID, Entry: o}, func(chat.Organization, *chat.Organization) error {
		return s.checkIssuerOwners(ctx, o)
	})
}

// checkIssuerOwners refuses an issuer that belongs to another organization (S5).
func (s *OperatorService) checkIssuerOwners(ctx context.Context, o chat.Organization) error {
	var f checks
	for i, each := range o.Issuers {
		owner, err := s.Store.IssuerOwner(ctx, each.Issuer)
		if err != nil {
			return err
		}
		f.that(owner == "" || owner == o.ID, issuerPointer(i)+"/issuer", "taken", "belongs to another organization")
	}
	return f.Err()
}

func issuerPointer(i int) string { return "/issuers/" + strconv.Itoa(i) }

func checkIssuers(f *checks, all []chat.Issuer) {
	f.that(len(all) > 0, "/issuers", "required", "at least one")
	f.that(len(all) <= maxSubjects, "/issuers", "too-many", "at most 10")
	seen := map[string]bool{}
	for i, each := range all {
		at := issuerPointer(i)
		f.that(!seen[each.Issuer], at, "duplicate", "is in the list already")
		seen[each.Issuer] = true
		f.webURL(at+"/issuer", each.Issuer)
		f.line(at+"/audience", each.Audience, maxSubject)
		if each.KeysURL != "" {
			f.webURL(at+"/keysUrl", each.KeysURL)
		}
		f.claim(at+"/audienceClaim", each.AudienceClaim)
		f.claim(at+"/subjectClaim", each.SubjectClaim)
		if f.claim(at+"/platform/claim", each.Platform.Claim); each.Platform.Claim != "" {
			f.line(at+"/platform/value", each.Platform.Value, maxSubject)
		}
	}
}

// claim checks the name of a claim, if one is given.
func (f *checks) claim(pointer, name string) {
	f.that(name == "" || claimPattern().MatchString(name), pointer, "invalid", "must be a claim's name")
}
