package invariants

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"carechat/shared/auth"
	"carechat/shared/chat"
	"carechat/shared/login"
	"carechat/shared/table"
)

// Sort keys of rows that are looked up.
const (
	profileSort = "PROFILE"
	issuerSort  = "ORG"
)

// place says where the row's value puts it and by which rows it is found. It spells the grid's keys for itself: what shared/table
// makes of them is what is checked.
func (r *Row) place() {
	switch v := r.Value.(type) {
	case chat.Organization:
		for _, i := range v.Issuers {
			r.Finders = append(r.Finders, issuerAt(i.Issuer))
		}
	case chat.Program:
		r.due("UPKEEP#HANDOVERS", v.MovedAt)
	case chat.CareManagerRow:
		r.foundAs(v.Subjects)
		r.due("UPKEEP#HANDOVERS", v.HandOverAt)
	case chat.Attendance:
		r.Must.Table = keyOf("ORG#"+v.Organization, "ATTENDANCE#"+v.Department)
		r.due("UPKEEP", v.CheckAt)
	case chat.CoverageMark:
		r.Must.Table = keyOf("ORG#"+v.Organization, "COVERAGE#"+v.Covered+"#"+v.ID)
		r.due("UPKEEP", v.CheckAt())
	case chat.Profile:
		r.placeProfile(v)
		r.due("UPKEEP", v.RenamedAt)
		r.due("UPKEEP#HANDOVERS", v.EraseAt)
		for _, address := range v.Contacts() {
			r.Finders = append(r.Finders, keyOf("CONTACT#"+hash("contact", address), r.Stands.Table.PK))
		}
		r.foundAs(v.Subjects)
	case table.Purge:
		r.due("UPKEEP#HANDOVERS", v.Until)
	case auth.Issuer:
		r.Must.Table = issuerAt(v.Issuer.Issuer)
	case login.OwedLink:
		r.due("DUE#LINKS", v.DueAt)
	case chat.Mailbox:
		r.due("DUE#MAILBOXES", v.DueAt)
	case chat.LateMark:
		r.placeLateMark(v)
	case chat.Enrollment:
		r.placeEnrollment(v)
	case table.OpenRequest:
		r.Must.Table = inMember(v.Key(), "CHAT#OPEN#"+v.Program.ID)
		r.work(v.Owner, "TASK#"+spelled(v.DueAt)+"#"+v.Member.ID+"#"+v.ID)
		r.due("UPKEEP", v.CheckAt)
	case chat.EndedRequest:
		r.Must.Table = inMember(v.Key(), "CHAT#ENDED#"+v.Program.ID)
	case chat.Request:
		r.Must.Table = inMember(v.Key(), "REQUEST#"+v.ID)
	case chat.Thread:
		r.placeThread(v)
	case chat.Message:
		r.Thread = r.Stands.Table.PK
		r.Finders = []Key{keyOf(r.Thread, "SENT#"+string(v.Role)+"#"+v.ClientMessageID)}
	case table.Sent:
		r.Thread = r.Stands.Table.PK
		r.due("UPKEEP", v.CheckAt)
	}
}

// placeLateMark puts a mark into its department's list, where what it is about would be
// in its owner's.
func (r *Row) placeLateMark(l chat.LateMark) {
	list, of, id := "LATE_TASK#", "TASK#"+l.ProgramID, l.RequestID
	if l.ThreadID != "" {
		list, of, id = "LATE_WAITING#", "THREAD#"+l.ThreadID, l.ThreadID
	}
	r.Must.Table = inMember(r.Member, "LATE#"+of)
	r.due("UPKEEP", l.CheckAt)
	if l.Listed {
		r.work(chat.Owner{Kind: chat.OwnedByDepartment, ID: l.Department}, list+spelled(l.Since)+"#"+r.Member.Member+"#"+id)
	}
}

func (r *Row) placeEnrollment(e chat.Enrollment) {
	r.Must.Table = inMember(e.Key(), "CHAT#ENROLLMENT#"+e.Program.ID)
	list := "ENROLLMENT#"
	if e.State == chat.EnrollmentClosed {
		list = "CLOSED#"
	}
	r.work(e.Owner, list+e.Member.ID+"#"+e.Program.ID)
}

func (r *Row) placeThread(t chat.Thread) {
	id := chat.ThreadID(t.Program.ID, t.CareManager.ID)
	r.Must.Table = inMember(t.Key(), "CHAT#THREAD#"+id)
	r.Thread = inThread(r.Member, t.ID)
	r.Finders = append(r.Finders, keyOf(r.Thread, fmt.Sprintf("MESSAGE#%010d", t.LastSeq()))) // so that a thread without messages is seen
	switch {
	case !t.WaitingSince.IsZero():
		r.work(t.Owner, "WAITING#"+spelled(t.WaitingSince)+"#"+t.Member.ID+"#"+id)
	case !t.UnreadByMemberSince.IsZero() && t.State != chat.ThreadInactive:
		r.work(t.Owner, "UNREAD#"+spelled(t.UnreadByMemberSince)+"#"+t.Member.ID+"#"+id)
	}
	r.due("DUE#NOTICES", t.DueAt)
}

// placeProfile puts a member into one of the lists of all members.
func (r *Row) placeProfile(p chat.Profile) {
	if p.UpdatedAt.IsZero() {
		return
	}
	shard := fnv.New32a()
	_, _ = shard.Write([]byte(p.ID))
	r.Must.Work = keyOf(fmt.Sprintf("ORG#%s#MEMBERS#%d", p.Organization, shard.Sum32()%8), "MEMBER#"+spelled(p.UpdatedAt)+"#"+p.ID)
}

// work puts the row into an owner's list.
func (r *Row) work(o chat.Owner, sk string) {
	r.Must.Work = keyOf("ORG#"+r.Member.Organization+"#OWNER#"+string(o.Kind)+"#"+o.ID, sk)
}

// due puts the row among what is due in a lane, unless at is zero.
func (r *Row) due(lane string, at time.Time) {
	if at.IsZero() {
		return
	}
	shard := fnv.New32a()
	_, _ = shard.Write([]byte(r.Stands.Table.PK))
	r.Must.Due = keyOf(fmt.Sprintf("%s#%d", lane, shard.Sum32()%8), spelled(at))
}

func (r *Row) foundAs(subjects []chat.Subject) {
	for _, s := range subjects {
		r.Finders = append(r.Finders, keyOf(issuerAt(s.Issuer).PK, "SUBJECT#"+hash("subject", s.Subject)))
	}
}

// inThread returns the partition of a thread's messages.
func inThread(m chat.MemberKey, id string) string {
	return "ORG#" + m.Organization + "#THREAD#" + m.Member + "#" + id
}

// isThread reports whether a partition has messages.
func isThread(pk string) bool {
	words := strings.Split(pk, "#")
	return len(words) == 5 && words[0] == "ORG" && words[2] == "THREAD"
}

// isIssuer reports whether a partition has an issuer and its subjects.
func isIssuer(pk string) bool { return strings.HasPrefix(pk, "ISSUER#") }

// ownerOfThread returns whose thread a partition of messages is, and which.
func ownerOfThread(pk string) (m chat.MemberKey, id string) {
	words := strings.Split(pk, "#")
	return chat.MemberKey{Organization: words[1], Member: words[3]}, words[4]
}

// names lists the rows elsewhere that are looked up to check a row.
func (c *checker) names(r Row) []Key {
	all := slices.Clone(r.Finders)
	switch v := r.Value.(type) {
	case chat.Enrollment:
		all = append(all, ownerOf(v), programOf(v), departmentOf(v))
	case chat.Message, table.Sent:
		m, id := ownerOfThread(r.Thread)
		all = append(all, inMember(m, profileSort), inMember(m, "CHAT#THREAD#"+id), inMember(m, "PURGE#"+id), inMember(m, "LATE#THREAD#"+id))
	case table.Contact:
		all = append(all, keyOf(r.Stands.Table.SK, profileSort))
	case auth.Issuer:
		all = append(all, inOrganization(v.Organization, "SETTINGS"))
	case chat.Person:
		issuer, _ := valueAt[auth.Issuer](c, keyOf(r.Stands.Table.PK, issuerSort))
		all = append(all, placeOf(issuer.Organization, v))
	case login.Link:
		for _, each := range v.Members {
			all = append(all, inMember(chat.MemberKey{Organization: v.Organization, Member: each.ID}, profileSort))
		}
	}
	return all
}

func ownerOf(e chat.Enrollment) Key {
	if e.Owner.Kind == chat.OwnedByDepartment {
		return inOrganization(e.Key().Organization, "DEPARTMENT#"+e.Owner.ID)
	}
	return inOrganization(e.Key().Organization, "CARE_MANAGER#"+e.Owner.ID)
}

func programOf(e chat.Enrollment) Key {
	return inOrganization(e.Key().Organization, "PROGRAM#"+e.Program.ID)
}

func departmentOf(e chat.Enrollment) Key {
	return inOrganization(e.Key().Organization, "DEPARTMENT#"+e.Department)
}

// placeOf returns where a person's own row is.
func placeOf(organization string, p chat.Person) Key {
	if p.Kind == chat.Member {
		return inMember(chat.MemberKey{Organization: organization, Member: p.ID}, profileSort)
	}
	return inOrganization(organization, "CARE_MANAGER#"+p.ID)
}

func inOrganization(id, sk string) Key { return keyOf("ORG#"+id, sk) }

func inMember(m chat.MemberKey, sk string) Key {
	return keyOf("ORG#"+m.Organization+"#MEMBER#"+m.Member, sk)
}

func issuerAt(issuer string) Key { return keyOf("ISSUER#"+hash("issuer", issuer), issuerSort) }

func spelled(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func hash(kind, value string) string {
	sum := sha256.Sum256([]byte(kind + ":v1:" + value))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
