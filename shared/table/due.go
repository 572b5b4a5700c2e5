package table

import (
	"context"
	"strings"
	"time"

	"carechat/shared/chat"
)

// Job is work that a row owes.
type Job struct {
	Kind    JobKind
	Member  chat.MemberKey // of a notice and a mailbox
	Contact string         // of a link: the hash of the address
}

// JobKind is what a job is about.
type JobKind string

// The kinds of jobs.
const (
	LinkJob    JobKind = "link"    // a link that was asked for with a contact
	NoticeJob  JobKind = "notice"  // a member to tell of messages
	MailboxJob JobKind = "mailbox" // an email address to subscribe
)

// due adds a row's place in the DUE index; a zero time takes it out.
func (f fields) due(pk partition, at time.Time) fields {
	var shard partition
	var place sort
	if !at.IsZero() {
		shard, place = dueKey(pk), dueSort(at)
	}
	return append(f, fields{{dueIndex + "_PK", text(&shard)}, {dueIndex + "_SK", text(&place)}}...)
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
	case ok && strings.HasPrefix(sk, string(threadPrefix)):
		return Job{Kind: NoticeJob, Member: m}, true
	}
	return Job{}, false
}

// maxJobs is how many rows of a shard are listed at once; the next sweep lists more.
const maxJobs = 500

// DueJobs lists the jobs that are due by now in one of DueShards, oldest first, each
// once: a member with several threads is one job. The index may trail the table a
// moment (T6), so a job that is listed may be done already.
func (t *Table) DueJobs(ctx context.Context, now time.Time, shard string) ([]Job, error) {
	rows, _, err := t.query(ctx, span{index: dueIndex, pk: partition(shard), from: "0", to: dueSort(now), limit: maxJobs})
	var all []Job
	seen := map[Job]bool{}
	for _, row := range rows {
		k := keyOf(row)
		if j, ok := JobOf(string(k.pk), string(k.sk)); ok && !seen[j] {
			seen[j], all = true, append(all, j)
		}
	}
	return all, err
}
