// Command notify sends what is due: the texts and emails that say there is a
// message, links that were asked for, and the subscriptions that emails need.
// It runs from the table's stream, at once, and every minute, so that nothing
// depends on the stream (N1).
package main

import (
	"log/slog"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // quiet hours are in the member's time zone; a Lambda has none of its own

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/oklog/ulid/v2"

	"carechat/shared/chat"
	"carechat/shared/notice"
	"carechat/shared/sns"
	"carechat/shared/table"
)

func main() {
	publicURL := strings.TrimSuffix(os.Getenv("PUBLIC_URL"), "/")
	if publicURL == "" {
		slog.Error("PUBLIC_URL is not set: a link would lead nowhere")
		os.Exit(1)
	}
	maxTopics, err := strconv.Atoi(os.Getenv("MAX_MEMBER_TOPICS"))
	if err != nil {
		slog.Error("MAX_MEMBER_TOPICS is no number")
		os.Exit(1)
	}
	t := table.Open()
	out := sns.Open(table.InMemoryBodies(&http.Client{Timeout: 4 * time.Second}))
	notices := &notice.Sender{
		Store: t, Now: chat.Clock, NewID: newID, PublicURL: publicURL,
		Text: out.Text, Mail: out.Mail(os.Getenv("MEMBER_TOPICS")), MaxTopics: maxTopics,
	}
	links := &notice.LinkSender{Store: t, Now: chat.Clock, PublicURL: publicURL, Deliver: notices.Link}
	lambda.Start(notifier{
		due: t.DueBy, do: jobs{notices, links}.do, now: chat.Clock, log: slog.New(slog.NewJSONHandler(os.Stdout, nil)),
	}.handle)
}

func newID(prefix string) string { return prefix + "_" + ulid.Make().String() }
