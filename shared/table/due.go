package table

import (
	"context"
	"iter"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"carechat/shared/chat"
)

// Job is work that a row owes.
type Job struct {
	Kind    JobKind
	Member  chat.MemberKey // whose it is, but for a link
	Contact string         // of a link: the hash of the address
	Program string         // of a task
	Thread  string         // of a reply, and of messages to delete
	Began   string         // of a reply: the client's id of the message that it is owed to, "" for a mark
	DueAt   time.Time      // where it was found among what is due; else zero
	// Of a hand-over or a coverage, in Member.Organization: the care manager who is disabled
	// or covered; "" if Program was moved.
	CareManager string
	Coverage    string // of a coverage
	Department  string // of an attendance
}

// JobKind is what a job is about.
type JobKind string

// The kinds of jobs.
const (
	LinkJob    JobKind = "link"    // a link that was asked for with a contact
	NoticeJob  JobKind = "notice"  // a member to tell of messages
	MailboxJob JobKind = "mailbox" // an email address to subscribe
	TaskJob    JobKind = "task"    // an open request that may be late
	ReplyJob   JobKind = "reply"   // a waiting thread that may be late

	HandOverJob JobKind = "handOver" // what a disabled care manager owns, or a moved program takes along
	ProfileJob  JobKind = "profile"  // a member whose name changed, or who was erased
	PurgeJob    JobKind = "purge"    // the messages of a thread that is gone
	CoverageJob JobKind = "coverage" // a coverage that starts or ends

	AttendanceJob JobKind = "attendance" // a department that nobody may be in
)

// Due returns the job's kind, and since when it is due.
func (j Job) Due() (string, time.Time) { return string(j.Kind), j.DueAt }

// due adds a row's place in a lane of the DUE index; a zero time takes it out.
func (f fields) due(l Lane, pk partition, at time.Time) fields {
	var shard partition
	var place sort
	if !at.IsZero() {
		shard, place = dueKey(l, pk), dueSort(at)
	}
	return append(f, fields{{dueIndex + "_PK", text(&shard)}, {dueIndex + "_SK", text(&place)}}...)
}

// dueTime reads a row's place in the DUE index back, zero for none. A row that is in the
// index for this alone keeps the time nowhere else.
func dueTime(row item) time.Time {
	var place sort
	text(&place).decode(row[dueIndex+"_SK"])
	at, _ := time.Parse(timeFormat, string(place))
	return at
}

// JobOf returns the job that a row owes while it is due, by the row's key: streams
// and the DUE index name rows so. It returns false for a row that can never be due.
func JobOf(pk, sk string) (Job, bool) {
	if sort(sk) == owedLinkSort {
		return Job{Kind: LinkJob, Contact: partition(pk).contact()}, strings.HasPrefix(pk, string(contactPrefix))
	}
	m, ok := sort(pk).member()
	switch {
	case ok && sort(sk) == mailboxSort:
		return Job{Kind: MailboxJob, Member: m}, true
	case ok && sort(sk) == profileSort:
		return Job{Kind: ProfileJob, Member: m}, true
	case ok && strings.HasPrefix(sk, string(threadPrefix)):
		return Job{Kind: NoticeJob, Member: m}, true
	case ok && sort(sk).is(purgePrefix):
		return Job{Kind: PurgeJob, Member: m, Thread: sort(sk).lastPart()}, true
	case ok:
		return lateJob(m, sort(sk))
	case partition(pk) == orgKey(partition(pk).organizationOf()):
		return organizationJob(partition(pk).organizationOf(), sort(sk))
	}
	return replyJob(partition(pk), sort(sk))
}

// lateJob returns the job of a row of a member that is or may be late.
func lateJob(m chat.MemberKey, sk sort) (Job, bool) {
	switch {
	case sk.is(openPrefix), sk.is(lateTaskKey):
		return Job{Kind: TaskJob, Member: m, Program: sk.lastPart()}, true
	case sk.is(lateThreadKey):
		return Job{Kind: ReplyJob, Member: m, Thread: sk.lastPart()}, true
	}
	return Job{}, false
}

// organizationJob returns the job of a care manager who was disabled, of a program that was
// moved, of a coverage or of a department.
func organizationJob(organization string, sk sort) (Job, bool) {
	j := Job{Member: chat.MemberKey{Organization: organization}}
	switch {
	case sk.is(staffPrefix):
		j.Kind, j.CareManager = HandOverJob, sk.lastPart()
	case sk.is(programPrefix):
		j.Kind, j.Program = HandOverJob, sk.lastPart()
	case sk.is(coveragePrefix):
		j.Kind = CoverageJob
		j.CareManager, j.Coverage = sk.coverage()
	case sk.is(attendancePrefix):
		j.Kind, j.Department = AttendanceJob, sk.lastPart()
	}
	return j, j.Kind != ""
}

// replyJob returns the job of the record of a member's message that began a wait.
func replyJob(pk partition, sk sort) (Job, bool) {
	m, thread, ok := pk.message()
	return Job{Kind: ReplyJob, Member: m, Thread: thread, Began: sk.lastPart()}, ok && sk.is(sentPrefix)
}

// dueRows is how many rows of a shard are read at once.
const dueRows = 500

// DueJobs yields the jobs that are due by now in one of a lane's DueShards, the longest due first, each
// once: a member with several threads is one job. It reads on for as long as jobs are
// taken; rows of a kind that this release does not know are passed over (T12). An
// error is the last that it yields. The index may trail the table a moment (T6), so a
// job may be done already.
func (t *Table) DueJobs(ctx context.Context, now time.Time, shard string) iter.Seq2[Job, error] {
	in := t.queryInput(span{index: dueIndex, pk: partition(shard), from: "0", to: dueSort(now), limit: dueRows})
	return func(yield func(Job, error) bool) {
		seen := map[Job]bool{}
		for more := true; more; {
			rows, err := t.duePage(ctx, in)
			if err != nil {
				yield(Job{}, err)
				return
			}
			for _, row := range rows {
				k := keyOf(row)
				j, ok := JobOf(string(k.pk), string(k.sk))
				if !ok || seen[j] {
					continue
				}
				seen[j] = true
				if j.DueAt = dueTime(row); !yield(j, nil) {
					return
				}
			}
			more = len(in.ExclusiveStartKey) > 0
		}
	}
}

// duePage reads a page and sets where the next one begins: nowhere after the last.
func (t *Table) duePage(ctx context.Context, in *dynamodb.QueryInput) ([]item, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	out, err := t.page(ctx, in)
	if err != nil {
		return nil, err
	}
	in.ExclusiveStartKey = out.LastEvaluatedKey
	return out.Items, nil
}
