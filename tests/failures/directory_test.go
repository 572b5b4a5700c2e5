package failures

import (
	"carechat/shared/api"
	"carechat/shared/chat"
	"carechat/tests/support/town"
	"maps"
)

// entry is one kind of entry: its use cases are making it and changing it.
type entry struct {
	kind, saves  string
	made, change []string // the writes
	at           func(*trial) string
	first, then  func(*trial) any
	platform     func(*trial) caller
	before       func(*trial)
	state        func(*trial) string // what is stored; nil is the entry itself
}

func with(b body, name string, value any) body {
	b = maps.Clone(b)
	b[name] = value
	return b
}

func fixed(b body) func(*trial) any { return func(*trial) any { return b } }

func (e entry) cases() []useCase {
	if e.platform == nil {
		e.platform = (*trial).platform
	}
	if e.before == nil {
		e.before = func(*trial) {}
	}
	look := e.state
	if look == nil {
		look = func(s *trial) string { return e.platform(s).show(e.at(s)) }
	}
	var all []useCase
	if e.made != nil {
		all = append(all, useCase{
			name: "make " + e.kind, saves: e.saves, writes: e.made, setUp: e.before, state: look, repeatStatus: 200,
			call: func(s *trial) answer { return e.platform(s).Call("PUT", e.at(s), e.first(s)) },
		})
	}
	return append(all, useCase{
		name: "change " + e.kind, saves: e.saves, writes: e.change, state: look,
		setUp: func(s *trial) {
			e.before(s)
			if e.made != nil {
				e.platform(s).Want(201, "PUT", e.at(s), e.first(s))
			}
		},
		call: func(s *trial) answer { return e.platform(s).Call("PUT", e.at(s), e.then(s)) },
	})
}

func at(folder string) func(*trial) string {
	return func(s *trial) string { return "/v1/" + folder + "/" + s.id }
}

func directoryCases() []useCase {
	labels := body{"en": "A word", "es": "Una palabra"}
	program := body{"name": "Sleep", "kind": "guided", "departmentId": "nurses"}
	reason := body{"labels": labels, "order": 9000, "active": true, "programIds": []string{"heart"}}
	var all []useCase
	for _, e := range []entry{
		{
			kind: "a program", saves: "SaveProgram", made: []string{"PutItem: PROGRAM"}, change: []string{"UpdateItem: PROGRAM"},
			at: at("programs"), first: fixed(program), then: fixed(with(program, "name", "Better sleep")),
		},
		{
			kind: "a reason", saves: "SaveReason", made: []string{"PutItem: REASON"}, change: []string{"UpdateItem: REASON"},
			at: at("reasons"), first: fixed(reason), then: fixed(with(reason, "active", false)),
		},
		{
			kind: "a department", saves: "SaveDepartment", made: []string{"TransactWriteItems: DEPARTMENT ATTENDANCE"}, change: []string{"UpdateItem: DEPARTMENT"},
			at: at("departments"), first: fixed(body{"name": "Sleep"}), then: fixed(body{"name": "Better sleep"}),
		},
		moves(program), careManagers(), coverages(), members(), organizations(),
	} {
		all = append(all, e.cases()...)
	}
	return append(all, useCase{
		name: "end a coverage", saves: "SaveCoverage", writes: []string{"UpdateItem: COVERAGE", "TransactWriteItems: COVERAGE CARE_MANAGER CARE_MANAGER"}, repeatStatus: 404,
		setUp: func(s *trial) {
			coverages().before(s)
			s.platform().Want(201, "PUT", coverages().at(s), coverages().first(s))
		},
		call:  func(s *trial) answer { return s.platform().Call("DELETE", coverages().at(s), nil) },
		state: coverageState,
	})
}

// moves returns programs that move to a department, whose row records what arrives (T10).
func moves(program body) entry {
	return entry{
		kind: "a program's department", saves: "SaveProgram", change: []string{"TransactWriteItems: DEPARTMENT DEPARTMENT PROGRAM"},
		at: at("programs"), then: func(s *trial) any { return with(program, "departmentId", s.id) },
		before: func(s *trial) {
			s.platform().Want(201, "PUT", at("departments")(s), body{"name": "Sleep"})
			s.platform().Want(201, "PUT", at("programs")(s), program)
		},
	}
}

// coverages returns coverages of a care manager by others, who are there for them
// alone.
func coverages() entry {
	return entry{
		kind: "a coverage", saves: "SaveCoverage+SaveCoverageMark",
		made: []string{"TransactWriteItems: COVERAGE CARE_MANAGER CARE_MANAGER"}, change: []string{"UpdateItem: COVERAGE", "TransactWriteItems: COVERAGE CARE_MANAGER CARE_MANAGER CARE_MANAGER"},
		at:    func(s *trial) string { return at("care-managers")(s) + "/coverages/one" },
		first: func(s *trial) any { return coverage(s, "-cover") },
		then:  func(s *trial) any { return coverage(s, "-other") },
		state: coverageState,
		before: func(s *trial) {
			careManagers().before(s)
			for _, id := range []string{s.id, s.id + "-cover", s.id + "-other"} {
				s.platform().Want(201, "PUT", "/v1/care-managers/"+id, body{"displayName": "Robin Test", "departmentIds": []string{s.id}, "active": true})
			}
		},
	}
}

func coverage(s *trial, by string) body {
	return body{"coverId": s.id + by, "from": "2026-01-01T00:00:00Z", "to": "2126-01-01T00:00:00Z"}
}

// coverageState returns what is stored of a care manager's coverages.
func coverageState(s *trial) string { return s.platform().show(at("care-managers")(s) + "/coverages") }

// careManagers returns care managers, who are disabled, which their department's row records (T11).
func careManagers() entry {
	first := func(s *trial) body {
		return body{
			"displayName": "Robin Test", "departmentIds": []string{s.id}, "active": true,
			"subjects": []body{{"issuer": shared.IssuerURL + "/harbor", "subject": s.id}},
		}
	}
	return entry{
		kind: "a care manager", saves: "SaveCareManager",
		made:   []string{"TransactWriteItems: CARE_MANAGER SUBJECT"},
		change: []string{"TransactWriteItems: CARE_MANAGER DEPARTMENT ATTENDANCE"},
		at:     at("care-managers"), first: func(s *trial) any { return first(s) },
		then:   func(s *trial) any { return with(first(s), "active", false) },
		before: func(s *trial) { s.platform().Want(201, "PUT", at("departments")(s), body{"name": "Sleep"}) },
	}
}

func members() entry {
	return entry{
		kind: "a member", saves: "SaveMember",
		made:   []string{"TransactWriteItems: PROFILE PREFERENCES CONTACT SUBJECT"},
		change: []string{"TransactWriteItems: PROFILE EMAIL CONTACT"},
		at:     (*trial).path, first: func(s *trial) any { return s.profile() },
		then: func(s *trial) any { return s.profile(town.Email(s.id + "@example.org")) },
	}
}

// organizations returns organizations, which the operator makes and their platform changes.
func organizations() entry {
	platform := func(s *trial) caller { return s.own("platform", s.id, "platform") }
	return entry{
		kind: "an organization", saves: "SaveOrganization", change: []string{"TransactWriteItems: SETTINGS ISSUER"},
		at: func(*trial) string { return "/v1/organization" }, platform: platform,
		before: func(s *trial) { s.operate() },
		then: func(s *trial) any {
			return api.NewOrganization(s.organization(func(o *chat.Organization) { o.Name = "Another" }))
		},
	}
}
