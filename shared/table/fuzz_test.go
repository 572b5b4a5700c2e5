package table

import (
	"strings"
	"testing"

	"carechat/shared/chat"
)

// FuzzKeys: two different things never have one key, whatever ids they have; and
// a key reads back (T1, G8). Ids are those that get as far as a key: A1's.
func FuzzKeys(f *testing.F) {
	f.Add("harbor", "ana", "t1", "harbor", "ana-t1", "1")
	f.Add("a", "b_c", "d", "a_b", "c", "d")
	f.Add("ORG", "MEMBER", "THREAD", "ORG", "THREAD", "MEMBER")
	f.Add("harbor", "ana", "MESSAGE", "summit", "ana", "MESSAGE")
	f.Add("harbor#MEMBER#ana", "x", "y", "harbor", "ana#MEMBER#x", "y")
	f.Fuzz(func(t *testing.T, o1, m1, t1, o2, m2, t2 string) {
		for _, id := range []string{o1, m1, t1, o2, m2, t2} {
			if !chat.ValidID(id) {
				return
			}
		}
		a, b := chat.MemberKey{Organization: o1, Member: m1}, chat.MemberKey{Organization: o2, Member: m2}
		one, two := keysOf(a, t1), keysOf(b, t2)
		for i, x := range one {
			for j, y := range two {
				if (x.pk == y.pk && x.sk == y.sk) && (i != j || x.of != y.of) {
					t.Fatalf("%q and %q have one key: %q %q", x.of, y.of, x.pk, x.sk)
				}
			}
			if x.pk.organizationOf() != o1 && strings.HasPrefix(string(x.pk), "ORG#") {
				t.Fatalf("%q is said to be of %q", x.pk, x.pk.organizationOf())
			}
		}
		if got, ok := memberSort(a).member(); !ok || got != a {
			t.Fatalf("%v came back as %v", a, got)
		}
		for _, want := range []Job{
			{Kind: NoticeJob, Member: a}, {Kind: MailboxJob, Member: a}, {Kind: LinkJob, Contact: t1}, {Kind: TaskJob, Member: a, Program: t1},
			{Kind: ReplyJob, Member: a, Thread: t1}, {Kind: ReplyJob, Member: a, Thread: t1, Began: t2},
		} {
			pk, sk := rowOf(want, t2)
			if got, ok := JobOf(string(pk), string(sk)); !ok || got != want {
				t.Fatalf("%+v came back as %+v", want, got)
			}
		}
		if threadSort(t1).lastPart() != t1 || requestSort(t1).lastPart() != t1 || openSort(t1).lastPart() != t1 {
			t.Fatalf("%q does not read back", t1)
		}
	})
}

// rowOf returns the key of a row that owes a job.
func rowOf(j Job, thread string) (partition, sort) {
	switch {
	case j.Kind == LinkJob:
		return contactHashed(j.Contact), owedLinkSort
	case j.Kind == MailboxJob:
		return memberKey(j.Member), mailboxSort
	case j.Kind == TaskJob:
		return memberKey(j.Member), openSort(j.Program)
	case j.Kind == ReplyJob && j.Began != "":
		return messagesKey(j.Member, j.Thread), sentSort(chat.Member, j.Began)
	case j.Kind == ReplyJob:
		return memberKey(j.Member), lateSort("", j.Thread)
	}
	return memberKey(j.Member), threadSort(thread)
}

// fuzzKey is a row's key and, as one text, whose row it is.
type fuzzKey struct {
	pk partition
	sk sort
	of string
}

// keysOf are keys of every kind that hold these ids, always in the same order.
func keysOf(m chat.MemberKey, id string) []fuzzKey {
	org, member := orgKey(m.Organization), memberKey(m)
	in, inOrg := m.Organization+" "+m.Member+" "+id, m.Organization+" "+id
	messages := messagesKey(m, id)
	return []fuzzKey{
		{org, programSort(id), inOrg}, {org, reasonSort(id), inOrg}, {org, departmentSort(id), inOrg}, {org, careManagerSort(id), inOrg},
		{org, settingsSort, m.Organization},
		{member, enrollmentSort(id), in}, {member, openSort(id), in}, {member, threadSort(id), in}, {member, requestSort(id), in},
		{member, sessionSort(id), in}, {member, idempotencySort(id), in}, {member, profileSort, m.Organization + " " + m.Member},
		{member, limitsSort, m.Organization + " " + m.Member}, {member, preferencesSort, m.Organization + " " + m.Member},
		{member, lateSort(id, ""), in}, {member, lateSort("", id), in}, {member, mailboxSort, m.Organization + " " + m.Member}, {member, noticeSort(id), in},
		{messages, messageSort(1), in}, {messages, sentSort(chat.Member, "k"), in}, {messages, sentSort(chat.CareManager, "k"), in},
		{ownerKey(m.Organization, chat.Owner{Kind: chat.OwnedByCareManager, ID: id}), "", inOrg},
		{ownerKey(m.Organization, chat.Owner{Kind: chat.OwnedByDepartment, ID: id}), "", inOrg},
		{contactKey(id), memberSort(m), in}, {issuerKey(id), issuerSort, id}, {issuerKey(id), subjectSort(id), id}, {ipKey(id), askCountSort, id},
		{contactKey(id), statusSort, id}, {contactKey(id), owedLinkSort, id}, {topicsKey(3), countSort, ""},
	}
}

// FuzzHashedKeys: what is found by a hash has one key for each value, of one
// shape whatever the value, and none for another kind (G9).
func FuzzHashedKeys(f *testing.F) {
	f.Add("+15550100101", "+15550100102")
	f.Add("https://issuer.example.org", "https://issuer.example.org/")
	f.Add("a#b", "a\x00#b")
	f.Add("", "contact:v1:")
	f.Fuzz(func(t *testing.T, a, b string) {
		for _, of := range []func(string) partition{contactKey, issuerKey, ipKey} {
			if (of(a) == of(b)) != (a == b) {
				t.Fatalf("%q and %q share %q", a, b, of(a))
			}
			if kind, h, _ := strings.Cut(string(of(a)), "#"); len(h) != 43 || strings.ContainsAny(h, "#+/= ") {
				t.Fatalf("%s: %q", kind, h)
			}
		}
		if hash("contact", a) == hash("issuer", b) || hash("ip", a) == hash("subject", b) {
			t.Fatalf("%q and %q of different kinds have one hash", a, b)
		}
	})
}
