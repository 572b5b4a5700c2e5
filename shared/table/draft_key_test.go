package table_test

import (
	"slices"
	"sync"
	"testing"

	"carechat/shared/chat"
)

// However many devices ask at once for the first time, a person has one key, and
// nobody else has it (S8).
func TestAPersonHasOneDraftKey(t *testing.T) {
	p := newPlay(t)
	var keys [8]string
	var all sync.WaitGroup
	for i := range keys {
		all.Go(func() {
			me, err := p.Chat.Me(t.Context(), p.member)
			if err != nil {
				t.Error(err)
			}
			keys[i] = me.DraftKey
		})
	}
	all.Wait()
	if again, err := p.Chat.Me(t.Context(), p.member); err != nil || len(again.DraftKey) != 43 || slices.ContainsFunc(keys[:], func(k string) bool { return k != again.DraftKey }) {
		t.Errorf("%q and %q, %v", keys, again.DraftKey, err)
	}
	manager, err := p.Chat.Me(t.Context(), p.manager)
	if err != nil || len(manager.DraftKey) != 43 || manager.DraftKey == keys[0] {
		t.Errorf("the care manager has %q, %v", manager.DraftKey, err)
	}
	if platform, err := p.Chat.Me(t.Context(), chat.Caller{Kind: chat.Platform, Organization: p.member.Organization}); err != nil || platform.DraftKey != "" {
		t.Errorf("the platform has %q, %v", platform.DraftKey, err)
	}
}
