package failures

import "maps"

// entry are the cases of one kind of entry: making it and changing it.
type entry struct {
	kind, saves  string
	made, change []string // the writes
	at           func(*scene) string
	first, then  func(*scene) body
	platform     func(*scene) caller
	before       func(*scene)
}

func with(b body, name string, value any) body {
	b = maps.Clone(b)
	b[name] = value
	return b
}

func without(b body, name string) body {
	b = maps.Clone(b)
	delete(b, name)
	return b
}

func fixed(b body) func(*scene) body { return func(*scene) body { return b } }

func (e entry) cases() []useCase {
	if e.platform == nil {
		e.platform = (*scene).platform
	}
	if e.before == nil {
		e.before = func(*scene) {}
	}
	look := func(s *scene) string { return e.platform(s).see(e.at(s)) }
	var all []useCase
	if e.made != nil {
		all = append(all, useCase{
			name: "make " + e.kind, saves: e.saves, writes: e.made, begin: e.before, look: look, again: 200,
			act: func(s *scene) answer { return e.platform(s).Call("PUT", e.at(s), e.first(s)) },
		})
	}
	return append(all, useCase{
		name: "change " + e.kind, saves: e.saves, writes: e.change, look: look,
		begin: func(s *scene) {
			e.before(s)
			if e.made != nil {
				e.platform(s).Want(201, "PUT", e.at(s), e.first(s))
			}
		},
		act: func(s *scene) answer { return e.platform(s).Call("PUT", e.at(s), e.then(s)) },
	})
}

func at(folder string) func(*scene) string {
	return func(s *scene) string { return "/v1/" + folder + "/" + s.id }
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
			kind: "a department", saves: "SaveDepartment", made: []string{"PutItem: DEPARTMENT"}, change: []string{"UpdateItem: DEPARTMENT"},
			at: at("departments"), first: fixed(body{"name": "Sleep"}), then: fixed(body{"name": "Better sleep"}),
		},
		careManagers(), members(), organizations(),
	} {
		all = append(all, e.cases()...)
	}
	return all
}

// careManagers are disabled, which their department's row notes (T11).
func careManagers() entry {
	first := func(s *scene) body {
		return body{
			"displayName": "Robin Test", "departmentIds": []string{s.id}, "active": true,
			"subjects": []body{{"issuer": shared.IssuerURL + "/harbor", "subject": s.id}},
		}
	}
	return entry{
		kind: "a care manager", saves: "SaveCareManager",
		made:   []string{"TransactWriteItems: CARE_MANAGER SUBJECT"},
		change: []string{"TransactWriteItems: CARE_MANAGER DEPARTMENT"},
		at:     at("care-managers"), first: first,
		then:   func(s *scene) body { return with(first(s), "active", false) },
		before: func(s *scene) { s.platform().Want(201, "PUT", at("departments")(s), body{"name": "Sleep"}) },
	}
}

func members() entry {
	return entry{
		kind: "a member", saves: "SaveMember",
		made:   []string{"TransactWriteItems: PROFILE PREFERENCES CONTACT SUBJECT"},
		change: []string{"TransactWriteItems: PROFILE EMAIL CONTACT"},
		at:     (*scene).path, first: (*scene).person,
		then: func(s *scene) body { return with(s.person(), "email", s.id+"@example.org") },
	}
}

// organizations are made by the operator; the platform changes one of its own.
func organizations() entry {
	platform := func(s *scene) caller { return s.own("platform", s.id, "platform") }
	return entry{
		kind: "an organization", saves: "SaveOrganization", change: []string{"TransactWriteItems: SETTINGS ISSUER"},
		at: func(*scene) string { return "/v1/organization" }, platform: platform,
		before: func(s *scene) { s.operate(s.organization()) },
		then: func(s *scene) body {
			return without(without(with(s.organization(), "name", "Another"), "issuers"), "id")
		},
	}
}
