package main

import (
	"context"

	"carechat/shared/chat"
	"carechat/shared/notice"
	"carechat/shared/table"
	"carechat/shared/wide"
)

// tallied is a table that counts what is saved in the why-log: decisions as metrics, such as
// noticesSent, and rules in the line, such as noticesSentDue (N3).
type tallied struct{ *table.Table }

func (t tallied) SaveOutcome(ctx context.Context, o notice.Outcome) error {
	return tally(ctx, o.Log, t.Table.SaveOutcome(ctx, o))
}

func (t tallied) SaveNotices(ctx context.Context, all ...chat.Notice) error {
	return tally(ctx, all, t.Table.SaveNotices(ctx, all...))
}

// tally counts the rows unless saving them failed, and returns how that ended.
func tally(ctx context.Context, all []chat.Notice, err error) error {
	for _, n := range all {
		if err == nil {
			name := wide.Name(map[chat.NoticeKind]string{chat.LinkNotice: "links", chat.MessageNotice: "notices"}[n.Kind], string(n.Decision))
			wide.Add(ctx, name)
			wide.Note(ctx, wide.Name(name, n.Rule))
		}
	}
	return err
}
