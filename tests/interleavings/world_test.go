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
	"carechat/shared/notice"
	"carechat/shared/table"
	"carechat/tests/support/invariants"
	"carechat/tests/support/town"
)

// conversation is how many messages a thread has at the start.
const conversation = 4

// model is the member of whom every run's own is a copy.
const model = "model-member"

// scene is a world: its model's rows, which every run copies, and what is
// found by the model's contacts. Nobody but one run at a time is in it.
type scene struct {
	*town.Town
	rows  []invariants.Item
	found []invariants.Key
	post  post // as the model's use cases left it
}

// builder makes a world with the use cases.
type builder struct {
	*town.Town
	stage  *stage
	failed []error
}

func (b *builder) done(_ any, err error) { b.failed = append(b.failed, err) }

// build makes a world.
func build(t *testing.T, endpoint string, kind world) *scene {
	t.Helper()
	w, err := town.New(t.Context(), endpoint, func(next aws.HTTPClient) aws.HTTPClient { return gate{next} })
	if err != nil {
		t.Fatal(err)
	}
	b := &builder{Town: w, stage: newStage(w, post{topics: map[string]bool{}}, "old")}
	b.member(t.Context())
	b.talk(t.Context())
	if kind != asked && kind != quiet {
		w.Now = w.Now.Add(2 * time.Minute)
	}
	b.turn(t.Context(), kind)
	b.done(w.Table.Catalog(t.Context(), town.Organization, false)) // no run reads it
	s, err := invariants.Scan(t.Context(), endpoint, w.Name)
	if err := errors.Join(append(b.failed, err)...); err != nil {
		t.Fatal(err)
	}
	return newScene(w, s.Rows, *b.stage.post)
}

// member makes the model, whose phone and mailbox work.
func (b *builder) member(ctx context.Context) {
	b.done(b.Chat.PutMember(ctx, town.Platform, dana(model, address)))
	b.done(nil, b.stage.sender.KeepMailbox(ctx, keyOf(model)))
	b.see(ctx, chat.Usable)
	b.done(nil, b.Table.SavePhoneState(ctx, phone, chat.PhoneState{Status: chat.Usable, At: time.Unix(0, 0), Version: 1}))
	b.done(b.Enroll(ctx, model, town.Program, chat.EnrollmentActive, town.CareManagerID(1)))
}

// see notes what the transport says of the mailbox.
func (b *builder) see(ctx context.Context, status chat.ChannelStatus) {
	box, err := b.Table.Mailbox(ctx, keyOf(model))
	box.Status = status
	box.Version++
	b.stage.post.topics[box.Address] = status != chat.OptedOut
	b.done(nil, errors.Join(err, b.Table.SaveMailbox(ctx, box)))
}

// talk makes an open request, and a thread that both sides have not read.
func (b *builder) talk(ctx context.Context) {
	b.done(b.Chat.Submit(ctx, town.Member(model), "me", chat.RequestDraft{
		IdempotencyKey: key("first", 0), ProgramID: town.Program, ReasonID: "symptoms", Comment: "Hello",
	}))
	for n := range conversation / 2 {
		b.done(b.Chat.Start(ctx, rivera, model, town.Program, chat.Draft{ClientMessageID: key("hello", n), Text: "Hello"}))
		b.done(b.Chat.Send(ctx, town.Member(model), "me", threadID, chat.Draft{ClientMessageID: key("answer", n), Text: "Hello"}))
	}
}

// turn makes of that the world that is wanted.
func (b *builder) turn(ctx context.Context, kind world) {
	yes := true
	for _, step := range map[world][]func(){
		quiet:   {func() { b.done(b.Chat.Cancel(ctx, town.Member(model), "me", requestID, chat.Precondition{})) }},
		closed:  {func() { b.done(b.Enroll(ctx, model, town.Program, chat.EnrollmentClosed, town.CareManagerID(1))) }},
		paused:  {func() { b.turn(ctx, quiet) }, func() { b.done(b.Chat.Pause(ctx, town.Platform, model, town.Program, &yes)) }},
		resting: {func() { b.turn(ctx, paused) }, func() { b.turn(ctx, closed) }},
		moved:   {func() { b.done(b.Chat.PutMember(ctx, town.Platform, dana(model, others[2]))) }},
		proved:  {func() { b.see(ctx, "") }},
		left:    {func() { b.see(ctx, chat.OptedOut) }},
		told:    {func() { b.tell(ctx) }},
	}[kind] {
		step()
	}
}

// tell sends what is due, and lets time pass until the reminder is.
func (b *builder) tell(ctx context.Context) {
	b.stage.now = b.Now
	b.done(nil, b.stage.sender.Notify(ctx, keyOf(model)))
	b.Now = b.Now.Add(24 * time.Hour)
}

// newScene takes the model's rows out of a table, with what is found by the
// contacts that a run may give a member.
func newScene(w *town.Town, all []invariants.Item, p post) *scene {
	s := &scene{Town: w, post: p}
	for _, row := range all {
		k := invariants.KeyOf(row)
		shared := k.PK == "TOPICS" || k.SK == "STATUS"
		if strings.Contains(k.PK+k.SK, model) || shared {
			s.rows = append(s.rows, row)
		}
		if shared {
			s.found = append(s.found, k)
		}
		if k.SK == "PROFILE" {
			for _, each := range append([]string{address}, others...) {
				other := maps.Clone(row)
				other["email"] = &types.AttributeValueMemberS{Value: each}
				r, _ := invariants.Decode(other)
				s.found = append(s.found, r.Finders...)
			}
		}
	}
	return s
}

// copyTo writes a world's rows once more, for a member of this run's own.
func (s *scene) copyTo(ctx context.Context, member string) error {
	var puts []types.WriteRequest
	for _, row := range s.rows {
		c := renamed(&types.AttributeValueMemberM{Value: row}, member).(*types.AttributeValueMemberM).Value
		r, err := invariants.Decode(c)
		if err != nil {
			return err
		}
		if r.Must.Due.PK != "" { // its shard hangs on the member
			c["DUE_PK"] = &types.AttributeValueMemberS{Value: r.Must.Due.PK}
		}
		puts = append(puts, types.WriteRequest{PutRequest: &types.PutRequest{Item: c}})
	}
	out, err := s.Client.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{s.Name: puts}})
	if err == nil && len(out.UnprocessedItems) > 0 {
		err = errors.New("rows were not written")
	}
	return err
}

// renamed speaks of another member, all the way down.
func renamed(v types.AttributeValue, member string) types.AttributeValue {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return &types.AttributeValueMemberS{Value: strings.ReplaceAll(v.Value, model, member)}
	case *types.AttributeValueMemberM:
		row := invariants.Item{}
		for name, each := range v.Value {
			row[name] = renamed(each, member)
		}
		return &types.AttributeValueMemberM{Value: row}
	}
	return v
}

// rowsOf are all rows of a member, of the threads that these acts can make, and
// of what is found by their contacts.
func (s *scene) rowsOf(ctx context.Context, member string) ([]invariants.Item, error) {
	partitions := []string{"ORG#" + town.Organization + "#MEMBER#" + member}
	for n := 1; n <= 2; n++ {
		partitions = append(partitions, "ORG#"+town.Organization+"#THREAD#"+member+"#"+chat.ThreadID(town.Program, town.CareManagerID(n)))
	}
	all, err := s.foundOf(ctx, member)
	for _, pk := range partitions {
		out, again := s.Client.Query(ctx, &dynamodb.QueryInput{
			TableName: &s.Name, ConsistentRead: aws.Bool(true), KeyConditionExpression: aws.String("PK = :pk"),
			ExpressionAttributeValues: invariants.Item{":pk": &types.AttributeValueMemberS{Value: pk}},
		})
		if err = errors.Join(err, again); err != nil {
			return nil, err
		}
		all = append(all, out.Items...)
	}
	return all, nil
}

func (s *scene) foundOf(ctx context.Context, member string) ([]invariants.Item, error) {
	asked := types.KeysAndAttributes{ConsistentRead: aws.Bool(true)}
	seen := map[invariants.Key]bool{}
	for _, k := range s.found {
		if !seen[k] {
			seen[k] = true
			asked.Keys = append(asked.Keys, invariants.Item{
				"PK": &types.AttributeValueMemberS{Value: k.PK},
				"SK": &types.AttributeValueMemberS{Value: strings.ReplaceAll(k.SK, model, member)},
			})
		}
	}
	out, err := s.Client.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: map[string]types.KeysAndAttributes{s.Name: asked}})
	if err != nil {
		return nil, err
	}
	found := out.Responses[s.Name]
	slices.SortFunc(found, func(a, b invariants.Item) int {
		return cmp.Compare(fmt.Sprint(invariants.KeyOf(a)), fmt.Sprint(invariants.KeyOf(b)))
	})
	return found, nil
}

// end is the state that a run leaves: what the care side and the member see of
// it, without what tells two runs apart.
func end(rows []invariants.Item) string {
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
		case table.Limits:
			fmt.Fprintf(&b, "ledger %v %d %d\n", v.Notices.Attempt, v.Notices.Lost, v.Notices.Setbacks)
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
