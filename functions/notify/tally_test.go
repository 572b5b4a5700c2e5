package main

import (
	"errors"
	"fmt"
	"testing"

	"carechat/shared/chat"
	"carechat/shared/wide"
)

func TestWhatWasDecidedIsCounted(t *testing.T) {
	all := []chat.Notice{
		{Decision: chat.Delivered, Rule: "due"}, {Decision: chat.Suppressed, Rule: "read"}, {Kind: chat.LinkNotice, Decision: chat.Failed, Rule: "snsError"},
	}
	ctx, counted := wide.Counting(t.Context())
	if err := tally(ctx, all, nil); err != nil {
		t.Error(err)
	}
	if err := tally(ctx, all, chat.ErrConflict); !errors.Is(err, chat.ErrConflict) {
		t.Errorf("got %v", err)
	}
	const want = "[{linksFailed Count 1} {linksFailedSnsError  1} {noticesSent Count 1} {noticesSentDue  1} {noticesSuppressed Count 1} {noticesSuppressedRead  1}]"
	if got := fmt.Sprint(counted()); got != want {
		t.Errorf("got %s", got)
	}
}
