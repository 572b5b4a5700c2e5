package invariants_test

import (
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"carechat/shared/auth"
	"carechat/shared/chat"
	"carechat/shared/invariants"
	"carechat/shared/login"
	"carechat/shared/table"
	"carechat/tests/support/town"
)

type (
	item = invariants.Item
	row  = invariants.Row
)

// is accepts rows of a kind that meet all conditions.
func is[T any](fits ...func(T) bool) func(row) bool {
	return func(r row) bool {
		v, ok := r.Value.(T)
		return ok && !slices.ContainsFunc(fits, func(fit func(T) bool) bool { return !fit(v) })
	}
}

func dropped(w *damagedTable, i item, _ row) { w.drop(i) }

func busy(e chat.Enrollment) bool   { return e.Threads > 0 }
func active(e chat.Enrollment) bool { return e.State == chat.EnrollmentActive }
func closed(e chat.Enrollment) bool { return e.State == chat.EnrollmentClosed }
func waits(t chat.Thread) bool      { return !t.WaitingSince.IsZero() }
func unread(t chat.Thread) bool     { return !t.UnreadSince.IsZero() }
func due(t chat.Thread) bool        { return !t.DueAt.IsZero() }
func owns(m chat.CareManagerRow) bool {
	return m.ID == town.Rivera
}

// drops removes a row that something else needs.
var drops = []damage{
	{"a message is lost", is[chat.Message](), dropped},
	{"a client's record is lost", is[table.Sent](), dropped},
	{"a thread is lost", is[chat.Thread](), dropped},
	{"an enrollment is lost", is(busy), dropped},
	{"an ended request is lost", is[chat.Request](), dropped},
	{"an open request is lost", is[table.OpenRequest](), dropped},
	{"a profile is lost", is[chat.Profile](), dropped},
	{"preferences are lost", is[chat.Preferences](), dropped},
	{"a contact is lost", is[table.Contact](), dropped},
	{"a subject is lost", is[chat.Person](), dropped},
	{"an issuer is lost", is[auth.Issuer](), dropped},
	{"a department is lost", is[chat.Department](), dropped},
	{"an owner is lost", is(owns), dropped},
	{"a program is lost", is[chat.Program](), dropped},
	{"settings are lost", is[chat.Organization](), dropped},
}

// shifted changes a number of a row; the path is one or two names.
func shifted(path ...string) func(*damagedTable, item, row) {
	return func(w *damagedTable, i item, _ row) {
		if len(path) == 2 {
			i = in(i, path[0])
		}
		w.shift(i, path[len(path)-1])
	}
}

var numbers = []damage{
	{"a member's total", is[chat.Thread](), shifted("memberSide", "sent")},
	{"a care manager's total", is[chat.Thread](), shifted("careManagerSide", "sent")},
	{"a member's read total", is[chat.Thread](), shifted("memberSide", "readSent")},
	{"a care manager's read total", is[chat.Thread](), shifted("careManagerSide", "readSent")},
	{"the newest seq shown", is[chat.Thread](), shifted("last", "seq")},
	{"a thread's time", is[chat.Thread](), shifted("updatedAt")},
	{"a message's total", is[chat.Message](), shifted("total")},
	{"the seq of a client's record", is[table.Sent](), shifted("seq")},
	{"the count of threads", is[chat.Enrollment](), shifted("threads")},
	{"an open request's version", is[table.OpenRequest](), shifted("version")},
	{"an ended request's version", is[chat.Request](), shifted("version")},
	{"a thread's version before its messages", is[chat.Thread](), func(_ *damagedTable, i item, r row) {
		i["version"] = number(r.Value.(chat.Thread).LastSeq() - 1)
	}},
	{"a wait from another time", is(waits), func(w *damagedTable, i item, r row) {
		w.shift(i, "waitingSince")
		replace(i)
	}},
	{"a wait forgotten", is(waits), func(_ *damagedTable, i item, _ row) {
		delete(i, "waitingSince")
		replace(i)
	}},
	{"an unread spell from another time", is(unread), shifted("unreadSince")},
	{"an unread spell forgotten", is(unread), func(_ *damagedTable, i item, _ row) { delete(i, "unreadSince") }},
	{"the care side shown another spell", is[chat.Thread](), func(_ *damagedTable, i item, _ row) {
		i["unreadByMemberSince"] = number(1)
		replace(i)
	}},
}

// swapped gives a row to somebody who is not its owner.
func swapped(follows bool) func(*damagedTable, item, row) {
	return func(w *damagedTable, i item, _ row) {
		in(i, "owner")["id"] = text(fmt.Sprint("cm-", 5+w.rng.IntN(5)))
		if follows {
			replace(i)
		}
	}
}

func without(names ...string) func(*damagedTable, item, row) {
	return func(_ *damagedTable, i item, _ row) {
		for _, name := range names {
			delete(i, name)
		}
	}
}

var places = []damage{
	{"an enrollment's owner", is[chat.Enrollment](), swapped(true)},
	{"an open request's owner", is[table.OpenRequest](), swapped(true)},
	{"a thread's owner", is[chat.Thread](), swapped(true)},
	{"an open request's owner, not its place", is[table.OpenRequest](), swapped(false)},
	{"a waiting thread's owner, not its place", is(waits), swapped(false)},
	{"an open request in nobody's list", is[table.OpenRequest](), without("WORK_PK", "WORK_SK")},
	{"a waiting thread in nobody's list", is(waits), without("WORK_PK", "WORK_SK")},
	{"a waiting thread with half a place", is(waits), without("WORK_SK")},
	{"an enrollment in nobody's caseload", is(active), without("WORK_PK", "WORK_SK")},
	{"a due thread that is not due", is(due), without("DUE_PK", "DUE_SK")},
	{"a link owed that is not due", is[login.OwedLink](), without("DUE_PK", "DUE_SK")},
	{"a closed enrollment in a caseload", is(closed), func(_ *damagedTable, i item, r row) {
		e := r.Value.(chat.Enrollment)
		i["WORK_PK"], i["WORK_SK"] = text("ORG#harbor#OWNER#careManager#cm-1"), text("ENROLLMENT#"+e.Member.ID+"#"+e.Program.ID)
	}},
	{"a task at another time", is[table.OpenRequest](), shifted("dueAt")},
	{"a thread due at another time", is(due), shifted("due")},
	{"a thread in another shard", is(due), func(_ *damagedTable, i item, _ row) { i["DUE_PK"] = text("DUE#NOTICES#8") }},
}

// across returns a cursor's place where the count of unread messages differs, and false
// if there is none.
func across(t chat.Thread, side string, forth bool) int {
	own, other := t.MemberSide, t.CareManagerSide
	if side == "careManagerSide" {
		own, other = other, own
	}
	switch {
	case forth && own.ReadSent < other.Sent:
		return t.LastSeq() // past every message of the other side
	case !forth && own.ReadSent > 0:
		return 0
	}
	return -1
}

func moved(side string, forth bool) damage {
	return damage{
		fmt.Sprintf("the cursor in %s moved, forth: %v", side, forth),
		is(func(t chat.Thread) bool { return across(t, side, forth) >= 0 }),
		func(_ *damagedTable, i item, r row) {
			in(i, side)["read"] = number(across(r.Value.(chat.Thread), side, forth))
		},
	}
}

var cursors = []damage{
	moved("memberSide", true), moved("memberSide", false), moved("careManagerSide", true), moved("careManagerSide", false),
	{"a cursor beyond the last message", is[chat.Thread](), func(_ *damagedTable, i item, r row) {
		in(i, "memberSide")["read"] = number(r.Value.(chat.Thread).LastSeq() + 1)
	}},
}

var copies = []damage{
	{"a message twice", is[chat.Message](), func(w *damagedTable, i item, r row) { w.add(i, r.Stands.Table.PK, "MESSAGE#0000009999") }},
	{"a message elsewhere", is[chat.Message](), func(w *damagedTable, i item, r row) {
		w.drop(i)
		w.add(i, r.Stands.Table.PK, "MESSAGE#0000009999")
	}},
	{"a client's record twice", is[table.Sent](), func(w *damagedTable, i item, r row) { w.add(i, r.Stands.Table.PK, "SENT#member#another-id-0000000") }},
	{"a request both open and ended", is[table.OpenRequest](), func(w *damagedTable, i item, r row) {
		c := w.add(i, r.Stands.Table.PK, "REQUEST#"+r.Value.(table.OpenRequest).ID)
		c["state"] = text("cancelled")
		delete(c, "WORK_PK")
	}},
	{"a second open request", is[table.OpenRequest](), func(w *damagedTable, i item, r row) {
		w.add(i, r.Stands.Table.PK, "CHAT#OPEN#another")["id"] = text("req_other")
	}},
	{"a thread at another member", is[chat.Thread](), func(w *damagedTable, i item, r row) { w.add(i, "ORG#harbor#MEMBER#nobody", r.Stands.Table.SK) }},
	{"messages without a thread", is[chat.Message](), func(w *damagedTable, i item, _ row) { w.add(i, "ORG#harbor#THREAD#nobody#thr_1", "MESSAGE#0000000001") }},
	{"an issuer of no organization", is[auth.Issuer](), func(w *damagedTable, i item, r row) {
		another := w.add(i, r.Stands.Table.PK, r.Stands.Table.SK)
		another["issuer"] = text("https://another.example.org")
		another["PK"] = text(decoded(another).Must.Table.PK)
	}},
	{"a session of nobody", is[auth.Session](), func(w *damagedTable, i item, r row) { w.add(i, "ORG#harbor#MEMBER#nobody", r.Stands.Table.SK) }},
	{"a contact of nobody", is[table.Contact](), func(w *damagedTable, i item, r row) { w.add(i, r.Stands.Table.PK, "ORG#harbor#MEMBER#nobody") }},
	{"a notice of nobody", is[chat.Notice](), func(w *damagedTable, i item, r row) { w.add(i, "ORG#harbor#MEMBER#nobody", r.Stands.Table.SK) }},
	{"a mailbox of nobody", is[chat.Mailbox](), func(w *damagedTable, i item, r row) { w.add(i, "ORG#harbor#MEMBER#nobody", r.Stands.Table.SK) }},
	{"preferences of nobody", is[chat.Preferences](), func(w *damagedTable, i item, r row) { w.add(i, "ORG#harbor#MEMBER#nobody", r.Stands.Table.SK) }},
	{"a row of no kind", is[chat.Profile](), func(w *damagedTable, i item, r row) { w.add(i, r.Stands.Table.PK, "SOMETHING") }},
}

func said(name, value string) func(*damagedTable, item, row) {
	return func(_ *damagedTable, i item, _ row) {
		i[name] = text(value)
		replace(i)
	}
}

var states = []damage{
	{"an enrollment closed alone", is(busy, active), said("state", "closed")},
	{"an enrollment opened alone", is(busy, closed), said("state", "active")},
	{"a thread gone quiet alone", is(func(t chat.Thread) bool { return t.State == chat.ThreadActive }), said("state", "inactive")},
	{"an open request that has ended", is[table.OpenRequest](), said("state", "cancelled")},
	{"an ended request that is shown as another", is[chat.EndedRequest](), said("state", "open")},
	{"a request that is shown and was never asked", is[chat.EndedRequest](), said("id", "req_other")},
	{"an ended request that is open", is[chat.Request](), said("state", "open")},
	{"a request with another reason", is[chat.Request](), func(_ *damagedTable, i item, _ row) { in(i, "reason")["id"] = text("other") }},
	{"a request without its last line", is[chat.Request](), func(_ *damagedTable, i item, _ row) {
		lines := i["history"].(*types.AttributeValueMemberL).Value
		i["history"] = &types.AttributeValueMemberL{Value: lines[:len(lines)-1]}
	}},
	{"a message of the other side", is[chat.Message](), func(_ *damagedTable, i item, r row) {
		i["by"] = text(string(r.Value.(chat.Message).Role.Other()))
	}},
	{"a message of nobody", is[chat.Message](), said("by", "nobody")},
	{"a key's record of no request", is[chat.KeyRecord](), said("request", "req_nowhere")},
}

var entries = []damage{
	{"another phone", is[chat.Profile](), said("phone", "+15550109999")},
	{"a disabled member with a session", is(logsIn), func(_ *damagedTable, i item, _ row) { i["active"] = &types.AttributeValueMemberBOOL{} }},
	{"a care manager disabled alone", is(owns), func(_ *damagedTable, i item, _ row) { i["active"] = &types.AttributeValueMemberBOOL{} }},
	{"a disabled list forgotten", is(lists), without("disabled")},
	{"a subject of somebody else", is[chat.Person](), said("id", "nobody")},
	{"an issuer of somebody else", is[auth.Issuer](), said("organization", "summit")},
	{"a link of nobody", is[login.Link](), said("organization", "summit")},
}
