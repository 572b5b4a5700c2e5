package invariants_test

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"carechat/shared/chat"
	"carechat/shared/notice"
)

func owes(b chat.Mailbox) bool        { return !b.DueAt.IsZero() }
func subscribed(b chat.Mailbox) bool  { return b.Topic != "" }
func confirmed(b chat.Mailbox) bool   { return b.Status == chat.Usable }
func outdated(b chat.Mailbox) bool    { return len(b.Old) > 0 }
func on(n chat.Notice) bool           { return n.Channel != "" && n.Decision != chat.Suppressed }
func texted(s notice.State) bool      { return len(s.Texts) > 1 }
func claimed(s notice.State) bool     { return s.Owed() }
func isUnnotified(t chat.Thread) bool { return due(t) && unread(t) && t.UnreadByMemberSince.IsZero() }
func settled(t chat.Thread) bool      { return t.DueAt.IsZero() }
func activeThread(t chat.Thread) bool { return t.State == chat.ThreadActive }

func words(all ...string) types.AttributeValue {
	l := &types.AttributeValueMemberL{}
	for _, each := range all {
		l.Value = append(l.Value, text(each))
	}
	return l
}

func channels(all ...string) types.AttributeValue {
	l := &types.AttributeValueMemberL{}
	for _, each := range all {
		l.Value = append(l.Value, &types.AttributeValueMemberM{Value: item{"kind": text(each)}})
	}
	return l
}

func becomes(name string, v types.AttributeValue) func(*damagedTable, item, row) {
	return func(_ *damagedTable, i item, _ row) {
		i[name] = v
		replace(i)
	}
}

var notices = []damage{
	{"a state of notices without a version", is[notice.State](), without("version")},
	{"texts in disorder", is(texted), func(_ *damagedTable, i item, _ row) {
		all := slices.Clone(i["texts"].(*types.AttributeValueMemberL).Value)
		slices.Reverse(all)
		i["texts"] = &types.AttributeValueMemberL{Value: all}
	}},
	{"a count of lost notices below zero", is[notice.State](), becomes("lost", number(-1))},
	{"more notices lost than tried", is(claimed), becomes("lost", number(9))},
	{"a mailbox lost more often than tried", is[chat.Mailbox](), becomes("lost", number(9))},
	{"a notice that was decided otherwise", is[chat.Notice](), said("decision", "delivered")},
	{"a notice without a reason", is[chat.Notice](), without("rule")},
	{"a notice without a time", is[chat.Notice](), without("at")},
	{"a notice on another channel", is[chat.Notice](), said("channel", "pager")},
	{"a notice sent on no channel", is(on), without("channel")},
	{"a notice about nothing", is[chat.Notice](), without("threads")},
	{"a notice about a thread that is nowhere", is[chat.Notice](), becomes("threads", words("thr_nowhere"))},
	{"a channel that there is not", is[chat.Preferences](), becomes("channels", channels("sms", "pager"))},
	{"a mailbox of another address", is[chat.Mailbox](), said("address", "someone@example.org")},
	{"a mailbox in another state", is[chat.Mailbox](), said("status", "missing")},
	{"a mailbox confirmed without a subscription", is(confirmed), without("subscription")},
	{"a subscription without a topic", is(subscribed), without("topic")},
	{"a topic that is kept and deleted", is(subscribed), func(_ *damagedTable, i item, _ row) {
		i["old"] = &types.AttributeValueMemberL{Value: []types.AttributeValue{i["topic"]}}
	}},
	{"a topic that is never deleted", is(outdated), func(_ *damagedTable, i item, _ row) {
		delete(i, "dueAt")
		replace(i)
	}},
	{"a mailbox that owes and is not due", is(owes), without("DUE_PK", "DUE_SK")},
	{"a mailbox due at another time", is(owes), shifted("dueAt")},
	{"a lost count of topics", is[notice.Topics](), dropped},
	{"another count of topics", is[notice.Topics](), shifted("count")},
	{"a mailbox lost with its topic", is(subscribed), dropped},
	{"a phone in another state", is[chat.PhoneState](), said("status", "missing")},
	{"a thread unread in silence", is(isUnnotified, activeThread), func(_ *damagedTable, i item, _ row) {
		for _, name := range []string{"due", "dueRule", "dueChannels"} {
			delete(i, name)
		}
		replace(i)
	}},
	{"a thread due by no rule", is(due), said("dueRule", "whim")},
	{"a rule of a thread that is not due", is(settled), said("dueRule", "reminder")},
	{"a channel of a thread that is not due", is(settled), becomes("dueChannels", channels("sms"))},
	{"a thread due on another channel", is(due), becomes("dueChannels", channels("pager"))},
}
