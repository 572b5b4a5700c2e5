package invariants

import (
	"slices"

	"carechat/shared/auth"
	"carechat/shared/chat"
	"carechat/shared/login"
	"carechat/shared/table"
)

// checkPlaces checks that a row is where its value puts it, in the table and in both
// indexes: in exactly its owner's lists, and among what is due (T10, G10).
func (c *checker) checkPlaces(r Row) {
	for _, each := range []struct {
		name         string
		stands, must Key
	}{
		{"the table", r.Stands.Table, r.Must.Table}, {"WORK", r.Stands.Work, r.Must.Work}, {"DUE", r.Stands.Due, r.Must.Due},
	} {
		c.want(each.stands == each.must, "a row stands where it says (T10)", r.Stands.Table, "in %s at %v, not at %v", each.name, each.stands, each.must)
	}
}

// checkFinders checks that the rows by which a row is found exist.
func (c *checker) checkFinders(r Row) {
	for _, k := range r.Finders {
		c.want(c.finds(k, r), "a row is found by what it says", r.Stands.Table, "%v is not there, or finds another", k)
	}
}

// finds reports whether the row at a key is there and, of an organization or a person,
// finds this one.
func (c *checker) finds(k Key, r Row) bool {
	found, ok := c.known[k]
	switch v := found.Value.(type) {
	case auth.Issuer:
		return v.Organization == r.Member.Organization
	case chat.Person:
		return v == personIn(r)
	}
	return ok
}

// checkFound checks the reverse: a row that finds another finds exactly one.
func (c *checker) checkFound(r Row) {
	k := r.Stands.Table
	found := c.finders[k]
	switch v := r.Value.(type) {
	case table.Sent, table.Contact:
		c.want(len(found) == 1, "what finds a row has one", k, "it finds %d", len(found))
	case auth.Issuer:
		c.want(len(found) == 1 && found[0].Member.Organization == v.Organization, "an issuer is one organization's (S5)", k, "%s's, of %d", v.Organization, len(found))
	case chat.Person:
		// An issuer that became another organization's leaves subjects behind, which find nobody.
		issuer, _ := valueAt[auth.Issuer](c, keyOf(k.PK, issuerSort))
		_, there := c.known[placeOf(issuer.Organization, v)]
		c.want(!there || len(found) == 1, "a subject is one person's (S5)", k, "%v's, of %d", v, len(found))
	case login.Link:
		for _, each := range v.Members {
			_, ok := valueAt[chat.Profile](c, inMember(chat.MemberKey{Organization: v.Organization, Member: each.ID}, profileSort))
			c.want(ok, "a link is of members who are there (S2)", k, "%s is not", each.ID)
		}
	case chat.PhoneState:
		c.want(slices.Contains(phoneStatuses, v.Status), "a phone has a status (N7)", k, "it is %q", v.Status)
	}
}

func personIn(r Row) chat.Person {
	switch v := r.Value.(type) {
	case chat.Profile:
		return chat.Person{Kind: chat.Member, ID: v.ID}
	case chat.CareManagerRow:
		return chat.Person{Kind: chat.CareManager, ID: v.ID}
	}
	return chat.Person{}
}

// checkOrganization checks that what the configuration names exists, and that each
// department lists what is to be handed over to it.
func (c *checker) checkOrganization(o *organization) {
	c.want(o.settings, "whatever is an organization's has its organization", o.at, "there are no settings")
	disabled, arriving := c.checkStaff(o), c.checkPrograms(o)
	for _, d := range o.departments {
		c.sameList("a department lists its staff whose enrollments are handed over (T11)", o.at, d.ID, d.Disabled, disabled[d.ID])
		c.sameList("a department lists what arrives with programs (T10)", o.at, d.ID, names(d.Arriving), names(arriving[d.ID]))
	}
}

// checkStaff returns each department's disabled care managers whose enrollments are to be
// handed over.
func (c *checker) checkStaff(o *organization) map[string][]string {
	disabled := map[string][]string{}
	for _, m := range o.staff {
		c.want(len(m.DepartmentIDs) > 0, "a care manager has a department", o.at, "%s has none", m.ID)
		for _, d := range m.DepartmentIDs {
			c.want(o.departments[d].ID != "", "a care manager's department is there", o.at, "%s's %s is not", m.ID, d)
			if !m.HandOverAt.IsZero() {
				disabled[d] = append(disabled[d], m.ID)
			}
		}
	}
	return disabled
}

// checkPrograms returns what arrives at each department with its programs.
func (c *checker) checkPrograms(o *organization) map[string][]chat.Arrival {
	arriving := map[string][]chat.Arrival{}
	for _, p := range o.programs {
		c.want(o.departments[p.DepartmentID].ID != "", "a program's department is there", o.at, "%s's %q is not", p.ID, p.DepartmentID)
		c.want((len(p.MovedFrom) == 0) == p.MovedAt.IsZero(), "what a moved program takes along is due (T10)", o.at, "%s's of %v, at %v", p.ID, p.MovedFrom, clock(p.MovedAt))
		for _, from := range p.MovedFrom {
			arriving[p.DepartmentID] = append(arriving[p.DepartmentID], chat.Arrival{ProgramID: p.ID, From: from})
		}
	}
	return arriving
}

func names(all []chat.Arrival) (names []string) {
	for _, a := range all {
		names = append(names, a.ProgramID+" from "+a.From)
	}
	return names
}

// sameList checks that a department's list is what others say, in any order.
func (c *checker) sameList(rule string, at Key, department string, got, want []string) {
	slices.Sort(got)
	slices.Sort(want)
	c.want(slices.Equal(got, want), rule, at, "%s lists %v, not %v", department, got, want)
}
