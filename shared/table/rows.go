package table

import (
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"carechat/shared/auth"
	"carechat/shared/chat"
	"carechat/shared/login"
	"carechat/shared/notice"
)

// Key is a row's place in the table or in an index; zero for nowhere.
type Key struct{ PK, SK string }

// Places are where a row stands.
type Places struct{ Table, Work, Due Key }

// Row is a row of any kind, read whole: for checks of a table, not for use cases.
type Row struct {
	Stands Places         // as it is stored
	Must   Places         // where what it says puts it: the same, in a sound table (T10)
	Member chat.MemberKey // whose partition it is in; the member is "" outside one
	// Value is a chat.Organization, Program, Reason, Department, CareManagerRow,
	// Enrollment, Request, Thread, Profile, Preferences, Mailbox, Notice,
	// PhoneState, Message or KeyRecord, an auth.Session, Link, Issuer, Person, Asked
	// or Asks, a notice.Topics, or a Limits, OpenRequest, Sent or Contact.
	Value any
	// Talk is the partition of a thread's messages: of the thread, its messages
	// and its records of clients' ids.
	Talk string
	// Finders are the rows by which this one is found, which must be there:
	// records of clients' ids, contacts, subjects and issuers.
	Finders []Key
}

// OpenRequest is one that stands as its enrollment's lock (G4).
type OpenRequest struct{ chat.Request }

// Sent records the place that a client's message got (A2).
type Sent struct{ Seq int }

// Contact says that a member is reached by an address.
type Contact struct{ Member chat.MemberKey }

// Limits are the two counts in a member's row of limits.
type Limits struct {
	LogIns  login.Limits
	Notices notice.Ledger
}

// read fills a row's value, and where that puts it, from what is stored.
type read func(r *Row, k rowKey, row item)

// wholeSorts are the rows whose sort key is a word.
var wholeSorts = map[sort]read{
	settingsSort: readSettingsRow,
	profileSort:  readProfileRow,
	preferencesSort: func(r *Row, _ rowKey, row item) {
		var p chat.Preferences
		preferencesFields(&p).read(row)
		r.Value = p
	},
	limitsSort: func(r *Row, _ rowKey, row item) {
		l := Limits{login.Limits{Key: r.Member}, notice.Ledger{Key: r.Member}}
		limitsFields(&l.LogIns).read(row)
		ledgerFields(&l.Notices).read(row)
		r.Value = l
	},
	mailboxSort: func(r *Row, k rowKey, row item) {
		b := readMailbox(r.Member, row)
		r.due(k.pk, b.DueAt)
		r.Value = b
	},
	statusSort: func(r *Row, _ rowKey, row item) {
		var s chat.PhoneState
		phoneFields(&s).read(row)
		r.Value = s
	},
	countSort: func(r *Row, _ rowKey, row item) {
		var n notice.Topics
		topicsFields(&n).read(row)
		r.Value = n
	},
	askedSort: readAskedRow,
	linkSort: func(r *Row, _ rowKey, row item) {
		var l login.Link
		linkFields(&l).read(row)
		r.Value = l
	},
	issuerSort: func(r *Row, _ rowKey, row item) {
		var i auth.Issuer
		issuerFields(&i).read(row)
		r.Value, r.Must.Table = i, keyAt(issuerKey(i.Issuer.Issuer), issuerSort)
	},
	asksSort: func(r *Row, _ rowKey, row item) {
		var a login.Asks
		(&Table{now: time.Now}).asksFields(&a).read(row)
		r.Value = a
	},
}

// begunSorts are the rows whose sort key begins with their kind.
var begunSorts = map[sort]read{
	programPrefix: func(r *Row, k rowKey, row item) {
		p := chat.Program{ID: k.sk.lastPart()}
		programFields(&p).read(row)
		r.Value = p
	},
	reasonPrefix: func(r *Row, k rowKey, row item) {
		p := chat.Reason{ID: k.sk.lastPart()}
		reasonFields(&p).read(row)
		r.Value = p
	},
	configurationFrom:                  func(r *Row, k rowKey, row item) { r.Value = readDepartment(k.sk.lastPart(), row) },
	staffPrefix:                        readStaffRow,
	enrollmentSort(""):                 readEnrollmentRow,
	openPrefix:                         readOpenRow,
	threadPrefix:                       readThreadRow,
	noticePrefix:                       func(r *Row, _ rowKey, row item) { r.Value = *readNotice(r.Member, row) },
	sessionPrefix:                      func(r *Row, _ rowKey, row item) { r.Value = *readSession(r.Member, row) },
	requestSort(""):                    readEndedRow,
	idempotencySort(""):                readKeyRow,
	messagePrefix:                      readMessageRow,
	sentSort(chat.Member, ""):          readSentRow,
	sentSort(chat.CareManager, ""):     readSentRow,
	reachedPrefix:                      readContactRow,
	kindOf(subjectSort(""), "subject"): func(r *Row, _ rowKey, row item) { r.Value = *readPerson(row) },
}

// kindOf is what a sort key that ends with a hash of nothing begins with.
func kindOf(s sort, kind string) sort { return s[:len(s)-len(hash(kind, ""))] }

// DecodeRow reads a row of any kind. One that is of no known kind is an error.
func DecodeRow(row map[string]types.AttributeValue) (Row, error) {
	k := keyOf(row)
	r := Row{Stands: Places{keyAt(k.pk, k.sk), placeIn(workIndex, row), placeIn(dueIndex, row)}}
	r.Must.Table = r.Stands.Table
	var inMember bool
	if r.Member, inMember = sort(k.pk).reached(); !inMember {
		r.Member = chat.MemberKey{}
		if strings.HasPrefix(string(k.pk), string(orgKey(""))) {
			r.Member.Organization = k.pk.organizationOf()
		}
	}
	decode, ok := wholeSorts[k.sk]
	if !ok {
		for begins, each := range begunSorts {
			if strings.HasPrefix(string(k.sk), string(begins)) {
				decode, ok = each, true
			}
		}
	}
	if !ok {
		return r, fmt.Errorf("no kind of row has the key %s, %s", k.pk, k.sk)
	}
	decode(&r, k, row)
	return r, nil
}

func keyAt(pk partition, sk sort) Key { return Key{string(pk), string(sk)} }

// placeIn is where the row stands in an index.
func placeIn(index string, row item) (k Key) {
	text(&k.PK).decode(row[index+"_PK"])
	text(&k.SK).decode(row[index+"_SK"])
	return k
}

// work and due put the row into an index, if it has a place there.
func (r *Row) work(o chat.Owner, place sort) {
	if place != "" {
		r.Must.Work = keyAt(ownerKey(r.Member.Organization, o), place)
	}
}

func (r *Row) due(pk partition, at time.Time) {
	if !at.IsZero() {
		r.Must.Due = keyAt(dueKey(pk), dueSort(at))
	}
}

func (r *Row) foundAs(subjects []chat.Subject) {
	for _, s := range subjects {
		r.Finders = append(r.Finders, keyAt(issuerKey(s.Issuer), subjectSort(s.Subject)))
	}
}

func readSettingsRow(r *Row, k rowKey, row item) {
	o := chat.Organization{ID: k.pk.organizationOf()}
	organizationFields(&o).read(row)
	for _, i := range o.Issuers {
		r.Finders = append(r.Finders, keyAt(issuerKey(i.Issuer), issuerSort))
	}
	r.Value = o
}

func readStaffRow(r *Row, _ rowKey, row item) {
	m := readCareManager(row)
	r.foundAs(m.Subjects)
	r.Value = *m
}

func readProfileRow(r *Row, _ rowKey, row item) {
	p := readProfile(r.Member, row)
	for _, address := range p.Contacts() {
		r.Finders = append(r.Finders, keyAt(contactKey(address), reachedSort(r.Member)))
	}
	r.foundAs(p.Subjects)
	r.Value = *p
}

func readAskedRow(r *Row, k rowKey, row item) {
	a := login.Asked{Contact: k.pk.contact()}
	(&Table{now: time.Now}).askedFields(&a).read(row)
	r.due(k.pk, a.DueAt)
	r.Value = a
}

func readEnrollmentRow(r *Row, _ rowKey, row item) {
	e := readEnrollment(row)
	r.Must.Table = keyAt(memberKey(e.Key()), enrollmentSort(e.Program.ID))
	r.work(e.Owner, enrollmentWork(*e))
	r.Value = *e
}

func readOpenRow(r *Row, _ rowKey, row item) {
	q := readRequest(row)
	r.Must.Table = keyAt(memberKey(q.Key()), openSort(q.Program.ID))
	r.work(q.Owner, taskSort(*q))
	r.Value = OpenRequest{*q}
}

func readEndedRow(r *Row, _ rowKey, row item) {
	q := readRequest(row)
	r.Must.Table = keyAt(memberKey(q.Key()), requestSort(q.ID))
	r.Value = *q
}

func readThreadRow(r *Row, k rowKey, row item) {
	t := readThread(row)
	t.ID = chat.ThreadID(t.Program.ID, t.CareManager.ID)
	r.Must.Table = keyAt(memberKey(t.Key()), threadSort(t.ID))
	r.Talk = string(messagesKey(r.Member, k.sk.lastPart()))
	r.work(t.Owner, threadWork(*t))
	r.due(k.pk, t.DueAt)
	r.Value = *t
}

func readKeyRow(r *Row, k rowKey, row item) {
	record := chat.KeyRecord{Key: k.sk.lastPart()}
	keyFields(&record).read(row)
	r.Value = record
}

func readMessageRow(r *Row, k rowKey, row item) {
	m := readMessage(row)
	r.Talk = string(k.pk)
	r.Finders = []Key{keyAt(k.pk, sentSort(m.Role, m.ClientMessageID))}
	r.Value = *m
}

func readSentRow(r *Row, k rowKey, row item) {
	var s Sent
	number(&s.Seq).decode(row["seq"])
	r.Talk, r.Value = string(k.pk), s
}

func readContactRow(r *Row, k rowKey, _ item) {
	m, _ := k.sk.reached()
	r.Value = Contact{m}
}
