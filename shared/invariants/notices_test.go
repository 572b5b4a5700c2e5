package invariants_test

import (
	"errors"
	"slices"
	"time"

	"carechat/shared/chat"
	"carechat/shared/login"
	"carechat/tests/support/town"
)

// notices sends notices and reminders. One phone has opted out, and one address
// changes after its mailbox was made.
func (h history) notices() {
	h.Must(nil, h.Table.SavePhoneState(h.ctx, "+15550100001", chat.PhoneState{Status: chat.OptedOut, At: h.Now, Version: 1}))
	sender := h.NewSender(h.Table, h.NewSNS())
	for _, wait := range []time.Duration{time.Hour, 25 * time.Hour} {
		h.Now = h.Now.Add(wait)
		for n := range people {
			h.Must(nil, errors.Join(sender.SyncMailbox(h.ctx, town.Key(memberID(n))), sender.Notify(h.ctx, town.Key(memberID(n)))))
		}
	}
	h.PutMember(memberID(0), contacts(0, "another@example.org"))
}

// attempt leaves a notice whose attempt has not ended.
func (h history) attempt() {
	is, err := h.Table.Member(h.ctx, town.Key(memberID(2)))
	h.Must(nil, err)
	claimed := is.State.Claim(h.Now, []chat.Channel{chat.SMS})
	claimed.Texts = slices.Insert(claimed.Texts, len(claimed.Texts)-1, h.Now.Add(-time.Minute))
	h.Must(nil, h.Table.SaveClaim(h.ctx, claimed))
}

// failures returns a member's limits with one more wrong birth date.
func (h history) failures(m chat.MemberKey) login.Limits {
	all, err := h.Table.Limits(h.ctx, m)
	h.Must(nil, err)
	all[0].Failures++
	all[0].Version++
	return all[0]
}
