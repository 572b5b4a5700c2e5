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

// dueRows is how many rows of a shard are read at once.
const dueRows = 500

// DueJobs yields the jobs that are due by now in one of DueShards, oldest first, each
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
				if seen[j] = true; !yield(j, nil) {
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
