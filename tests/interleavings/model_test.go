package interleavings

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"carechat/shared/chat"
	"carechat/shared/invariants"
	"carechat/shared/notice"
	"carechat/shared/table"
	"carechat/tests/support/emulator"
	"carechat/tests/support/tables"
	"carechat/tests/support/town"
)

// conversation is the length of a thread at the start.
const conversation = 4

// modelID is the member that every run's own member is a copy of.
const modelID = "model-member"

// model is a state's rows of the model member, which every run copies, and the
// rows by which a member is found. One run at a time uses it.
type model struct {
	*town.Town
	rows    []invariants.Item
	beside  []invariants.Item // the organization's, which a run finds so
	finders []invariants.Key
	topics  int     // how many are counted
	sns     fakeSNS // as the use cases left it
}

// builder brings a model into a state by the use cases.
type builder struct {
	*town.Town
	services *services
}

// newModel makes a model in a state.
func newModel(t *testing.T, in state) *model {
	t.Helper()
	w := town.New(t, town.Through(func(next aws.HTTPClient) aws.HTTPClient { return gate{next} }))
	b := &builder{Town: w, services: newServices(w, fakeSNS{topics: map[string]bool{}}, "old")}
	b.member()
	b.converse()
	if in != requested && in != cancelled {
		w.Now = w.Now.Add(2 * time.Minute)
	}
	b.bringInto(in)
	w.Must(w.Table.Catalog(t.Context(), town.Organization, false)) // so that no run reads it
	w.Must(w.Table.Colleagues(t.Context(), town.Organization))
	s, err := tables.Scan(t.Context(), emulator.URL, w.Name)
	w.Must(nil, err)
	return modelOf(w, s.Rows, *b.services.sns)
}

// member makes the model, whose phone and mailbox work.
func (b *builder) member() {
	b.Must(b.Chat.PutMember(b.ctx(), town.Platform, dana(modelID, address)))
	b.Must(nil, b.services.sender.SyncMailbox(b.ctx(), town.Key(modelID)))
	b.setMailbox(chat.Usable)
	b.Must(nil, b.Table.SavePhoneState(b.ctx(), phone, chat.PhoneState{Status: chat.Usable, At: time.Unix(0, 0), Version: 1}))
	b.Enroll(modelID, town.Program, town.Rivera)
}

func (b *builder) ctx() context.Context { return b.T.Context() }

// setMailbox stores what SNS says of the mailbox.
func (b *builder) setMailbox(status chat.ChannelStatus) {
	box, err := b.Table.Mailbox(b.ctx(), town.Key(modelID))
	box.Status = status
	box.Version++
	b.services.sns.topics[box.Address] = status != chat.OptedOut
	b.Must(nil, errors.Join(err, b.Table.SaveMailbox(b.ctx(), box)))
}

// converse makes an open request, and a thread with unread messages on both sides.
func (b *builder) converse() {
	b.Submit(modelID, town.Program, key("first", 0))
	for n := range conversation / 2 {
		b.Start(town.Rivera, modelID, town.Program, key("hello", n))
		b.Reply(modelID, threadID, key("answer", n))
	}
}

// bringInto changes the state that converse and its notice's time have made.
func (b *builder) bringInto(in state) {
	yes := true
	for _, step := range map[state][]func(){
		cancelled:       {func() { b.Must(b.Chat.Cancel(b.ctx(), town.Member(modelID), "me", requestID, chat.Precondition{})) }},
		closed:          {func() { b.CloseEnrollment(modelID, town.Program, town.Rivera) }},
		paused:          {func() { b.bringInto(cancelled) }, func() { b.Must(b.Chat.Pause(b.ctx(), town.Platform, modelID, town.Program, &yes)) }},
		pausedAndClosed: {func() { b.bringInto(paused) }, func() { b.bringInto(closed) }},
		addressChanged:  {func() { b.Must(b.Chat.PutMember(b.ctx(), town.Platform, dana(modelID, others[2]))) }},
		confirmed:       {func() { b.setMailbox("") }},
		unsubscribed:    {func() { b.setMailbox(chat.OptedOut) }},
		notified:        {b.notify},
		disabledMember:  {func() { b.Must(b.Chat.PutMember(b.ctx(), town.Platform, switched(modelID, false))) }},
	}[in] {
		step()
	}
}

// notify sends what is due, and lets time pass until the reminder is due.
func (b *builder) notify() {
	b.services.now = b.Now
	b.Must(nil, b.services.sender.Notify(b.ctx(), town.Key(modelID)))
	b.Now = b.Now.Add(24 * time.Hour)
}

// modelOf takes the model's rows out of a table, with the rows that are found by
// the contacts which a run may give a member.
func modelOf(w *town.Town, all []invariants.Item, p fakeSNS) *model {
	m := &model{Town: w, sns: p, finders: topicCounts()}
	for _, row := range all {
		k := invariants.KeyOf(row)
		if r, _ := invariants.Decode(row); isTopics(k) {
			m.topics += r.Value.(notice.Topics).Count
			continue
		}
		shared := k.SK == "STATUS"
		if strings.Contains(k.PK+k.SK, modelID) || shared {
			m.rows = append(m.rows, row)
		}
		if k.PK == "ORG#"+town.Organization {
			m.beside = append(m.beside, row)
		}
		if shared {
			m.finders = append(m.finders, k)
		}
		if k.SK == "PROFILE" {
			for _, each := range append([]string{address}, others...) {
				other := maps.Clone(row)
				other["email"] = &types.AttributeValueMemberS{Value: each}
				r, _ := invariants.Decode(other)
				m.finders = append(m.finders, r.Finders...)
			}
		}
	}
	return m
}

// topicCounts returns the keys of the rows in which all members' topics are counted.
func topicCounts() (all []invariants.Key) {
	for n := range 16 {
		all = append(all, invariants.Key{PK: fmt.Sprint("TOPICS#", n), SK: "COUNT"})
	}
	return all
}

func isTopics(k invariants.Key) bool { return strings.HasPrefix(k.PK, "TOPICS#") }

// countTopics counts the model's topics as another member's, in whose row they belong.
func (m *model) countTopics(ctx context.Context, member string) error {
	var removals []types.WriteRequest
	for _, k := range topicCounts() {
		removals = append(removals, types.WriteRequest{DeleteRequest: &types.DeleteRequest{Key: invariants.Item{
			"PK": &types.AttributeValueMemberS{Value: k.PK}, "SK": &types.AttributeValueMemberS{Value: k.SK},
		}}})
	}
	_, err := m.Client.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{m.Name: removals}})
	if err != nil || m.topics == 0 {
		return err
	}
	box, err := m.Table.Mailbox(ctx, town.Key(member))
	if err != nil {
		return err
	}
	box.Version++
	return m.Table.SaveTopics(ctx, notice.Topics{Count: m.topics, Version: 1}, box)
}

// copyTo writes the model's rows again as another member's.
func (m *model) copyTo(ctx context.Context, member string) error {
	var puts []types.WriteRequest
	for _, row := range m.rows {
		c := renamed(&types.AttributeValueMemberM{Value: row}, member).(*types.AttributeValueMemberM).Value
		r, err := invariants.Decode(c)
		if err != nil {
			return err
		}
		for index, pk := range map[string]string{"WORK_PK": r.Must.Work.PK, "DUE_PK": r.Must.Due.PK} {
			if pk != "" { // its shard hangs on the member
				c[index] = &types.AttributeValueMemberS{Value: pk}
			}
		}
		puts = append(puts, types.WriteRequest{PutRequest: &types.PutRequest{Item: c}})
	}
	out, err := m.Client.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{m.Name: puts}})
	if err == nil && len(out.UnprocessedItems) > 0 {
		err = errors.New("rows were not written")
	}
	if err != nil {
		return err
	}
	return m.countTopics(ctx, member)
}

// renamed returns a value with the model's id replaced by another member's, however deep.
func renamed(v types.AttributeValue, member string) types.AttributeValue {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return &types.AttributeValueMemberS{Value: strings.ReplaceAll(v.Value, modelID, member)}
	case *types.AttributeValueMemberM:
		row := invariants.Item{}
		for name, each := range v.Value {
			row[name] = renamed(each, member)
		}
		return &types.AttributeValueMemberM{Value: row}
	}
	return v
}

// rowsOf returns all rows of a member, of the threads that the actions can make, and
// those found by the member's contacts.
func (m *model) rowsOf(ctx context.Context, member string) ([]invariants.Item, error) {
	partitions := []string{"ORG#" + town.Organization + "#MEMBER#" + member}
	for _, id := range []string{town.Rivera, town.Chen} {
		partitions = append(partitions, "ORG#"+town.Organization+"#THREAD#"+member+"#"+chat.ThreadID(town.Program, id))
	}
	all, err := m.foundOf(ctx, member)
	for _, pk := range partitions {
		out, again := m.Client.Query(ctx, &dynamodb.QueryInput{
			TableName: &m.Name, ConsistentRead: aws.Bool(true), KeyConditionExpression: aws.String("PK = :pk"),
			ExpressionAttributeValues: invariants.Item{":pk": &types.AttributeValueMemberS{Value: pk}},
		})
		if err = errors.Join(err, again); err != nil {
			return nil, err
		}
		all = append(all, out.Items...)
	}
	return all, nil
}

// foundOf returns the rows that a member's contacts find.
func (m *model) foundOf(ctx context.Context, member string) ([]invariants.Item, error) {
	asked := types.KeysAndAttributes{ConsistentRead: aws.Bool(true)}
	seen := map[invariants.Key]bool{}
	for _, k := range m.finders {
		if !seen[k] {
			seen[k] = true
			asked.Keys = append(asked.Keys, invariants.Item{
				"PK": &types.AttributeValueMemberS{Value: k.PK},
				"SK": &types.AttributeValueMemberS{Value: strings.ReplaceAll(k.SK, modelID, member)},
			})
		}
	}
	out, err := m.Client.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: map[string]types.KeysAndAttributes{m.Name: asked}})
	if err != nil {
		return nil, err
	}
	found := out.Responses[m.Name]
	slices.SortFunc(found, func(a, b invariants.Item) int {
		return cmp.Compare(fmt.Sprint(invariants.KeyOf(a)), fmt.Sprint(invariants.KeyOf(b)))
	})
	return found, nil
}

// outcomeOf describes the rows that a run leaves, without what differs from run to run.
func outcomeOf(rows []invariants.Item) string {
	var b strings.Builder
	for _, item := range rows {
		r, err := invariants.Decode(item)
		if err != nil {
			return err.Error()
		}
		switch v := r.Value.(type) {
		case chat.Enrollment:
			fmt.Fprintf(&b, "enrollment %s %s paused=%v threads=%d version=%d\n", v.State, v.Owner.ID, v.Paused, v.Threads, v.Version)
		case table.OpenRequest:
			fmt.Fprintf(&b, "open %s\n", history(v.Request))
		case chat.EndedRequest:
			fmt.Fprintf(&b, "shown %s %s version=%d\n", v.State, v.Reason.ID, v.Version)
		case chat.Request:
			fmt.Fprintf(&b, "ended %s\n", history(v))
		case chat.Thread:
			fmt.Fprintf(&b, "thread %s %s of %s %v %v waits=%v unread=%v shown=%v due=%v %s %v last=%d version=%d\n", v.CareManager.ID, v.State, v.Owner.ID,
				v.MemberSide, v.CareManagerSide, !v.WaitingSince.IsZero(), !v.UnreadSince.IsZero(), !v.UnreadByMemberSince.IsZero(), v.DueAt, v.DueRule, v.DueChannels, v.Last.Seq, v.Version)
		case chat.Profile:
			fmt.Fprintf(&b, "profile %s epoch=%d version=%d\n", v.Email, v.Epoch, v.Version)
		case chat.Preferences:
			fmt.Fprintf(&b, "preferences %v %v version=%d\n", v.Channels, v.QuietHours, v.Version)
		case chat.Mailbox:
			fmt.Fprintf(&b, "mailbox %s %s %s %s old=%v due=%v version=%d\n", v.Address, v.Status, v.Topic, v.Subscription, v.Old, v.DueAt, v.Version)
		case chat.PhoneState:
			fmt.Fprintf(&b, "phone %s %v version=%d\n", v.Status, v.At, v.Version)
		case notice.State:
			fmt.Fprintf(&b, "notices %+v\n", v.Work)
		case notice.Topics:
			fmt.Fprintf(&b, "topics %d version=%d\n", v.Count, v.Version)
		case chat.Message:
			fmt.Fprintf(&b, "message %d %s %s\n", v.Seq, v.Role, v.ClientMessageID)
		}
	}
	return b.String()
}

func history(r chat.Request) string {
	s := request(r)
	for _, e := range r.History {
		s += fmt.Sprintf(" %s:%s:%s", e.Action, e.By, e.Reason.ID)
	}
	return s
}
