package main

import (
	"testing"
	"time"

	"carechat/shared/chat"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func TestPollingFollowsTheOtherSide(t *testing.T) {
	for quiet, want := range map[time.Duration]time.Duration{
		0: 4 * time.Second, 2 * time.Minute: 4 * time.Second, 2*time.Minute + 1: 10 * time.Second,
		time.Hour: 10 * time.Second, time.Hour + 1: 30 * time.Second,
	} {
		thread := chat.Thread{CareManagerSide: chat.Side{ActiveAt: noon}, MemberSide: chat.Side{ActiveAt: noon.Add(quiet)}}
		if got := pollThread(thread, chat.Member, noon.Add(quiet)); got != want {
			t.Errorf("after %v: %v, want %v", quiet, got, want)
		}
	}
}

// A7: a member who makes a request writes as one who sends a message does.
func TestTasksArePolledSoonAfterTheMemberAsked(t *testing.T) {
	for quiet, want := range map[time.Duration]time.Duration{
		0: 4 * time.Second, 2 * time.Minute: 4 * time.Second, 3 * time.Minute: 10 * time.Second, 61 * time.Minute: 10 * time.Second,
	} {
		old := chat.Request{CreatedAt: noon.Add(-time.Hour)}
		if got := pollTasks([]chat.Request{old, {CreatedAt: noon}}, noon.Add(quiet)); got != want {
			t.Errorf("after %v: %v, want %v", quiet, got, want)
		}
	}
}
