package machine

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// values stand for the template's parameters and for the table.
func (m *Machine) values(dynamoDB, sns string) map[string]string {
	return map[string]string{
		"Stage": "local", "Audience": audience, "WebOrigins": "http://localhost:*,http://127.0.0.1:*",
		"SettingsSeconds": fmt.Sprint(m.config.SettingsSeconds), "Table": TableName, "AWS::StackName": "care-chats",
		"DynamoDbEndpoint": dynamoDB, "SnsEndpoint": sns,
	}
}

// startStream makes the table if need be, and feeds its changes to the functions that read them.
func (m *Machine) startStream() error {
	db := dynamoDB{m.DynamoDB, m.client}
	stream, err := db.prepareTable(m.ctx, TableName)
	if err != nil {
		return err
	}
	for _, each := range m.deployment.streams {
		r := &reader{
			mapping: each, db: db, stream: stream, tap: &m.triggers, invoke: m.invokePatiently, giveUp: func(l DeadLetter) { m.giveUp(l, true) },
			again: time.Second / 4, file: m.kept("stream-" + each.function + ".json"),
		}
		m.background(func() { r.run(m.ctx, m.log) })
	}
	return nil
}

// invokePatiently waits as long as it takes for a free process.
func (m *Machine) invokePatiently(ctx context.Context, function string, payload []byte) ([]byte, error) {
	for {
		answer, err := m.Invoke(ctx, function, payload)
		if err != errBusy || !wait(ctx, time.Second) {
			return answer, err
		}
	}
}

// giveUp keeps a letter where the template has a place for it, and says so loudly in any case.
func (m *Machine) giveUp(letter DeadLetter, kept bool) {
	what := "GIVEN UP"
	if kept {
		what = "DEAD LETTER"
		m.mu.Lock()
		m.deadLetters = append(m.deadLetters, letter)
		m.mu.Unlock()
	}
	m.log.say("*** %s of %s: %s %s ***", what, letter.Function, strings.Join(letter.SequenceNumbers, " "), letter.Error)
}

// startSchedules calls functions in their rhythm, each once at a time.
func (m *Machine) startSchedules() {
	for _, s := range m.deployment.schedules {
		m.background(func() {
			for wait(m.ctx, s.every) {
				m.triggers.pass(func() { m.invokeAndRepeat(s.function, ScheduleEvent(time.Now())) })
			}
		})
	}
}

// ScheduleEvent is what EventBridge Scheduler sends to a function at a time.
func ScheduleEvent(at time.Time) []byte {
	event, _ := json.Marshal(map[string]any{
		"version": "0", "id": uuid(), "detail-type": "Scheduled Event", "source": "aws.scheduler", "account": "000000000000",
		"time": at.UTC().Format(time.RFC3339), "region": "us-east-1",
		"resources": []string{"arn:aws:scheduler:us-east-1:000000000000:schedule/default/local"}, "detail": "{}",
	})
	return event
}
