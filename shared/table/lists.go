package table

import (
	"context"
	"strconv"
	"time"

	"carechat/shared/chat"
	"carechat/shared/directory"
)

// entryPrefixes are where each kind of entry is in an organization's partition.
var entryPrefixes = map[directory.EntryKind]sort{
	directory.Programs: programPrefix, directory.Reasons: reasonPrefix,
	directory.Departments: departmentPrefix, directory.CareManagers: staffPrefix,
}

// Entries lists an organization's entries of a kind by id, after an id.
func (t *Table) Entries(ctx context.Context, organization string, kind directory.EntryKind, after string, limit int) ([]chat.Placed[directory.Listed], error) {
	return t.listed(ctx, begins(orgKey(organization), entryPrefixes[kind]), after, limit)
}

// Enrollments lists a member's enrollments by program, after a program's id.
func (t *Table) Enrollments(ctx context.Context, m chat.MemberKey, after string, limit int) ([]chat.Placed[directory.Listed], error) {
	return t.listed(ctx, begins(memberKey(m), enrolledPrefix), after, limit)
}

// listed reads rows whose sort key is a prefix and an id, after an id.
func (t *Table) listed(ctx context.Context, s span, after string, limit int) ([]chat.Placed[directory.Listed], error) {
	if after != "" {
		s.from += sort(after) + "\x00"
	}
	if s.limit = int32(limit); s.from > s.to || len(s.from) > maxSort {
		return nil, nil // a position that the caller made up: nothing comes after it
	}
	rows, err := t.query(ctx, s)
	var all []chat.Placed[directory.Listed]
	for _, row := range rows {
		one := listedIn(row, keyOf(row).sk.lastPart())
		all = append(all, chat.Placed[directory.Listed]{Position: one.ID, Row: one})
	}
	return all, err
}

// Members lists the members who were changed at a time or later, shard by shard.
// A position is a shard and a place in it.
func (t *Table) Members(ctx context.Context, organization string, since time.Time, after string, limit int) ([]chat.Placed[directory.Listed], error) {
	shard, from := 0, memberPrefix+dueSort(since)
	if after != "" {
		var err error
		if shard, err = strconv.Atoi(after[:1]); err != nil {
			return nil, nil
		}
		from = max(from, sort(after[1:])+"\x00")
	}
	var all []chat.Placed[directory.Listed]
	for ; shard < memberShards && len(all) < limit; shard++ {
		s := span{index: workIndex, pk: membersKey(organization, shard), from: from, to: memberPrefix.until(), limit: int32(limit - len(all))}
		if from = memberPrefix + dueSort(since); s.from > s.to || len(s.from) > maxSort {
			continue
		}
		rows, err := t.query(ctx, s)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			var place sort
			text(&place).decode(row["WORK_SK"])
			one := listedIn(row, keyOf(row).pk.member().Member)
			all = append(all, chat.Placed[directory.Listed]{Position: strconv.Itoa(shard) + string(place), Row: one})
		}
	}
	return all, nil
}

// listedIn reads what a list says of a row of any kind.
func listedIn(row item, id string) directory.Listed {
	one := directory.Listed{ID: id}
	fields{{"version", number(&one.Version)}, {"updatedAt", moment(&one.UpdatedAt)}}.read(row)
	return one
}
