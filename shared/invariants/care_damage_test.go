package invariants_test

import (
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"carechat/shared/chat"
	"carechat/shared/table"
)

func logsIn(p chat.Profile) bool      { return len(p.Subjects) > 0 }
func lists(d chat.Department) bool    { return len(d.Disabled) > 0 }
func awaits(d chat.Department) bool   { return len(d.Arriving) > 0 }
func goesAlong(p chat.Program) bool   { return len(p.MovedFrom) > 0 }
func gone(m chat.CareManagerRow) bool { return !m.HandOverAt.IsZero() }
func fresh(r table.OpenRequest) bool  { return !r.CheckAt.IsZero() }
func began(s table.Sent) bool         { return !s.CheckAt.IsZero() }
func listed(l chat.LateMark) bool     { return l.Listed }
func ofTask(l chat.LateMark) bool     { return l.RequestID != "" }

// seenTo is when the history that is damaged was kept up last.
var seenTo time.Time

// Of a coverage that has ended one side may know alone, until the next change.
func covers(m chat.CareManagerRow) bool {
	return slices.ContainsFunc(m.Covers, func(v chat.Cover) bool { return v.To.After(seenTo) })
}

func covered(m chat.CareManagerRow) bool {
	return slices.ContainsFunc(m.CoveredBy, func(v chat.Coverage) bool { return v.To.After(seenTo) })
}

// care lists damage to who sees what: to what is late, covered or to be handed over.
var care = []damage{
	{"a request that nobody looks at when it is due", is(fresh), without("DUE_PK", "DUE_SK")},
	{"a wait that nobody looks at", is(began), without("DUE_PK", "DUE_SK")},
	{"what is late in no list", is(listed), dropped},
	{"what is late in another department's list", is(listed), said("department", "other")},
	{"what is late, not listed", is(listed), becomes("listed", &types.AttributeValueMemberBOOL{})},
	{"a late request's mark about another", is(listed, ofTask), said("request", "req_other")},
	{"a mark's place of another time", is(listed), func(w *damagedTable, i item, _ row) {
		w.shift(i, "since")
		replace(i)
	}},
	{"a mark that is not looked at again", is(listed), without("DUE_PK", "DUE_SK")},
	{"what arrives forgotten", is(awaits), without("arriving")},
	{"what does not arrive awaited", is(goesAlong), without("movedFrom", "DUE_PK", "DUE_SK")},
	{"a moved program that takes nothing along", is(goesAlong), without("DUE_PK", "DUE_SK")},
	{"a disabled care manager whose work stays", is(gone), without("DUE_PK", "DUE_SK")},
	{"a coverage that the cover does not know of", is(covers), without("covers")},
	{"a coverage that the covered one does not know of", is(covered), without("coveredBy")},
	{"upkeep that has not been done", is(listed), func(_ *damagedTable, i item, _ row) {
		i["checkAt"] = number(1)
		replace(i)
	}},
	{"a program of no department", is[chat.Program](), func(w *damagedTable, i item, r row) {
		w.add(i, r.Stands.Table.PK, "PROGRAM#another")["department"] = text("nowhere")
	}},
}
