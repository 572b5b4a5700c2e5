package table

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"time"

	"carechat/shared/chat"
)

// partition and sort are different types, so that one cannot be passed for the other (T1).
type (
	partition string
	sort      string
)

// timeFormat has a fixed width and sorts as text: UTC, in milliseconds.
const timeFormat = "2006-01-02T15:04:05.000Z"

func orgKey(o string) partition { return partition("ORG#" + o) }

func memberKey(m chat.MemberKey) partition {
	return partition("ORG#" + m.Organization + "#MEMBER#" + m.Member)
}

func messagesKey(m chat.MemberKey, thread string) partition {
	return partition("ORG#" + m.Organization + "#THREAD#" + m.Member + "#" + thread)
}

func contactKey(address string) partition { return contactHashed(hash("contact", address)) }
func contactHashed(h string) partition    { return contactPrefix + partition(h) }
func linkKey(hash string) partition       { return partition("LINK#" + hash) }
func issuerKey(issuer string) partition   { return partition("ISSUER#" + hash("issuer", issuer)) }
func ipKey(address string) partition      { return partition("IP#" + hash("ip", address)) }

func ownerKey(organization string, o chat.Owner) partition {
	return partition("ORG#" + organization + "#OWNER#" + string(o.Kind) + "#" + o.ID)
}

// Lane is a part of the DUE index that is swept by itself, so that what is due in one
// waits for nothing in another.
type Lane string

// The lanes of what is due: to be sent, and to be kept up by the clock. A hand-over and an erasure, which
// may be long, hold up nothing that turns late.
const (
	LinkLane    Lane = "DUE#LINKS"
	NoticeLane  Lane = "DUE#NOTICES"
	MailboxLane Lane = "DUE#MAILBOXES"
	UpkeepLane  Lane = "UPKEEP"

	HandOverLane Lane = "UPKEEP#HANDOVERS"
)

// UpkeepLanes are those that upkeep sweeps.
var UpkeepLanes = []Lane{UpkeepLane, HandOverLane}

// dueShards is how many partitions of a lane are swept side by side.
const dueShards = 8

// DueShards returns the partitions of lanes.
func DueShards(lanes ...Lane) []string {
	var all []string
	for _, l := range lanes {
		for n := range dueShards {
			all = append(all, string(l.shard(uint32(n))))
		}
	}
	return all
}

func (l Lane) shard(n uint32) partition { return partition(fmt.Sprintf("%s#%d", l, n)) }

// dueKey returns the shard of a row by its partition.
func dueKey(l Lane, pk partition) partition { return l.shard(spread(pk) % dueShards) }

// spread returns a number by which rows are spread over partitions.
func spread(pk partition) uint32 {
	h := fnv.New32a()
	h.Write([]byte(pk))
	return h.Sum32()
}

func dueSort(t time.Time) sort { return sort(t.UTC().Format(timeFormat)) }

// Sort keys of an organization's partition. Configuration lies between departments and settings, the rest before it, so that one
// Query reads what it needs.
const (
	settingsSort     sort = "SETTINGS"
	departmentPrefix sort = "DEPARTMENT#"
	staffPrefix      sort = "CARE_MANAGER#"
	coveragePrefix   sort = "COVERAGE#"
	attendancePrefix sort = "ATTENDANCE#"
	programPrefix    sort = "PROGRAM#"
	reasonPrefix     sort = "REASON#"
)

func programSort(id string) sort     { return programPrefix + sort(id) }
func reasonSort(id string) sort      { return reasonPrefix + sort(id) }
func departmentSort(id string) sort  { return departmentPrefix + sort(id) }
func careManagerSort(id string) sort { return staffPrefix + sort(id) }
func attendanceSort(id string) sort  { return attendancePrefix + sort(id) }

// coverageSort is the key of the mark of a care manager's coverage.
func coverageSort(covered, id string) sort { return coveragePrefix + sort(covered+"#"+id) }

// coverage reads coverageSort back.
func (s sort) coverage() (covered, id string) {
	covered, id, _ = strings.Cut(strings.TrimPrefix(string(s), string(coveragePrefix)), "#")
	return covered, id
}

// Sort keys of a member's partition.
const (
	chatPrefix      sort = "CHAT#"
	enrolledPrefix  sort = "CHAT#ENROLLMENT#"
	openPrefix      sort = "CHAT#OPEN#"
	endedPrefix     sort = "CHAT#ENDED#"
	threadPrefix    sort = "CHAT#THREAD#"
	profileSort     sort = "PROFILE"
	preferencesSort sort = "PREFERENCES"
	limitsSort      sort = "LIMITS"
	noticeStateSort sort = "NOTICE_STATE"
	mailboxSort     sort = "EMAIL"
	noticePrefix    sort = "NOTICE#"
	sessionPrefix   sort = "SESSION#"
	requestPrefix   sort = "REQUEST#"
	keyPrefix       sort = "KEY#"
	lateTaskKey     sort = "LATE#TASK#"
	lateThreadKey   sort = "LATE#THREAD#"
	purgePrefix     sort = "PURGE#"
)

func enrollmentSort(program string) sort { return enrolledPrefix + sort(program) }
func openSort(program string) sort       { return openPrefix + sort(program) }
func endedSort(program string) sort      { return endedPrefix + sort(program) }
func threadSort(id string) sort          { return threadPrefix + sort(id) }
func sessionSort(hash string) sort       { return sessionPrefix + sort(hash) }
func requestSort(id string) sort         { return requestPrefix + sort(id) }
func idempotencySort(key string) sort    { return keyPrefix + sort(key) }
func noticeSort(id string) sort          { return noticePrefix + sort(id) }
func purgeSort(thread string) sort       { return purgePrefix + sort(thread) }

// lateSort is the key of the mark of a thread or, without one, of a program's task.
func lateSort(program, thread string) sort {
	if thread != "" {
		return lateThreadKey + sort(thread)
	}
	return lateTaskKey + sort(program)
}

// Sort keys of a conversation's partition.
const (
	messagePrefix sort = "MESSAGE#"
	sentPrefix    sort = "SENT#"
)

func messageSort(seq int) sort { return sort(fmt.Sprintf("%s%010d", messagePrefix, seq)) }

// seq returns a message's place in its thread.
func (s sort) seq() int {
	n, _ := strconv.Atoi(s.lastPart())
	return n
}

func sentSort(role chat.Kind, clientMessageID string) sort {
	return sentPrefix + sort(string(role)+"#"+clientMessageID)
}

// Sort keys of what is found by a hash.
const (
	owedLinkSort sort = "ASKED"
	statusSort   sort = "STATUS"
	linkSort     sort = "LINK"
	issuerSort   sort = "ORG"
	askCountSort sort = "ASKS"

	subjectPrefix sort = "SUBJECT#"
)

// The rows that count topics: several, because members imported at once would wait for
// each other at one.
const (
	topicsPrefix partition = "TOPICS#"
	topicCounts            = 16
	countSort    sort      = "COUNT"
)

// topicsKey returns the partition of a count of topics.
func topicsKey(n uint32) partition { return topicsPrefix + partition(strconv.Itoa(int(n))) }

// topicsOf returns the partition in which a member's topics are counted.
func topicsOf(m chat.MemberKey) partition { return topicsKey(spread(memberKey(m)) % topicCounts) }

// The one row that says which sweep runs.
const (
	sweepKey  partition = "SWEEP"
	leaseSort sort      = "LEASE"
)

func subjectSort(subject string) sort  { return subjectPrefix + sort(hash("subject", subject)) }
func memberSort(m chat.MemberKey) sort { return membersOf(m.Organization) + sort(m.Member) }

// membersOf is how the key of an organization's member begins.
func membersOf(organization string) sort { return sort("ORG#" + organization + "#MEMBER#") }

// member reads the key of a member back: it is a contact's sort key too. It returns
// false for any other key.
func (s sort) member() (m chat.MemberKey, ok bool) {
	m.Organization, m.Member, ok = ofOrganization(string(s), "MEMBER")
	return m, ok
}

// ofOrganization reads the key of something in an organization back, if it is of a kind.
func ofOrganization(key, kind string) (organization, rest string, ok bool) {
	key, ok = strings.CutPrefix(key, "ORG#")
	organization, key, _ = strings.Cut(key, "#")
	is, rest, _ := strings.Cut(key, "#")
	return organization, rest, ok && is == kind
}

const contactPrefix partition = "CONTACT#"

// contact returns the hash of the address in a contact's partition.
func (p partition) contact() string { return strings.TrimPrefix(string(p), string(contactPrefix)) }

// memberSortPrefix is how memberSort begins.
const memberSortPrefix sort = "ORG#"

// Sort keys of an owner's work. The prefix is the list, and the time is its order.
const (
	taskPrefix       sort = "TASK#"
	waitingPrefix    sort = "WAITING#"
	unreadPrefix     sort = "UNREAD#"
	enrollmentPrefix sort = "ENROLLMENT#"
	closedPrefix     sort = "CLOSED#"
	memberPrefix     sort = "MEMBER#"
	// lateMark stands before the place of a task or of a waiting thread in the list of
	// what is late in a department.
	lateMark sort = "LATE_"
)

func taskSort(r chat.Request) sort {
	return workSort(taskPrefix, r.DueAt, r.Member.ID, r.ID)
}

func workSort(list sort, t time.Time, member, id string) sort {
	return list + dueSort(t) + sort("#"+member+"#"+id)
}

// threadWork returns a thread's place in its owner's work, "" for none. It is a pure function of the row (T10). Members are not told of
// messages in a closed program, so what they leave unread there is in no list (T9).
func threadWork(t chat.Thread) sort {
	switch {
	case !t.WaitingSince.IsZero():
		return workSort(waitingPrefix, t.WaitingSince, t.Member.ID, t.ID)
	case !t.UnreadByMemberSince.IsZero() && t.State != chat.ThreadInactive:
		return workSort(unreadPrefix, t.UnreadByMemberSince, t.Member.ID, t.ID)
	}
	return ""
}

// memberShards spreads an organization's members, whom the platform puts by the thousand, over partitions of the WORK index (T1).
const memberShards = 8

func membersKey(organization string, shard int) partition {
	return partition(fmt.Sprintf("ORG#%s#MEMBERS#%d", organization, shard))
}

// memberList is a member's place among all, by the last change; nowhere if that is not known.
func memberList(p chat.Profile) (partition, sort) {
	if p.UpdatedAt.IsZero() {
		return "", ""
	}
	h := fnv.New32a()
	h.Write([]byte(p.ID))
	return membersKey(p.Organization, int(h.Sum32()%memberShards)), memberPrefix + dueSort(p.UpdatedAt) + sort("#"+p.ID)
}

// lateWork returns a mark's place in its department's list, "" for none: that of what it
// is about, so that it has the same position.
func lateWork(l chat.LateMark) sort {
	switch {
	case !l.Listed:
		return ""
	case l.ThreadID != "":
		return lateMark + workSort(waitingPrefix, l.Since, l.Key.Member, l.ThreadID)
	}
	return lateMark + workSort(taskPrefix, l.Since, l.Key.Member, l.RequestID)
}

func enrollmentWork(e chat.Enrollment) sort {
	list := enrollmentPrefix
	if e.State == chat.EnrollmentClosed {
		list = closedPrefix
	}
	return list + sort(e.Member.ID+"#"+e.Program.ID)
}

// is reports whether the key is one of a kind: a whole key, or one that begins so.
func (s sort) is(kind sort) bool {
	return s == kind || strings.HasSuffix(string(kind), "#") && strings.HasPrefix(string(s), string(kind))
}

// until returns the end of the range of sort keys that begin with the prefix.
func (s sort) until() sort { return s + "\U0010FFFF" }

// organizationOf returns the organization in a partition's name. Rows do not repeat what their key says.
func (p partition) organizationOf() string {
	rest, _ := strings.CutPrefix(string(p), "ORG#")
	org, _, _ := strings.Cut(rest, "#")
	return org
}

// member returns whose partition it is, the zero key if it is not a member's.
func (p partition) member() chat.MemberKey {
	m, ok := sort(p).member()
	if !ok {
		return chat.MemberKey{}
	}
	return m
}

// lastPart returns what follows the last separator.
func (s sort) lastPart() string { return string(s)[strings.LastIndex(string(s), "#")+1:] }

// message returns whose message a conversation's partition has, and in which thread.
func (p partition) message() (m chat.MemberKey, thread string, ok bool) {
	organization, rest, ok := ofOrganization(string(p), "THREAD")
	member, thread, _ := strings.Cut(rest, "#")
	return chat.MemberKey{Organization: organization, Member: member}, thread, ok
}

// linkHash returns the hash in a link's partition.
func (p partition) linkHash() string { return sort(p).lastPart() }

// hash stands in a key for a value that must not be stored (G9). The kind keeps equal values of two kinds apart.
func hash(kind, value string) string {
	sum := sha256.Sum256([]byte(kind + ":v1:" + value))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// placeholder returns what stands for an attribute's name in an expression, because some names are reserved words.
func placeholder(name string) string { return "#" + name }
