// Command notify sends what is due: the texts and emails that say there is a
// message, links that were asked for, and the subscriptions that emails need. The
// table's stream invokes it at once, and a schedule every minute, so that nothing
// depends on the stream (N1).
package main

import (
	"log/slog"
	"os"
	"strings"
	"time"
	_ "time/tzdata" // quiet hours are in the member's time zone, and a Lambda has no zones of its own

	"github.com/aws/aws-lambda-go/lambda"

	"carechat/shared/chat"
	"carechat/shared/env"
	"carechat/shared/id"
	"carechat/shared/notice"
	"carechat/shared/sns"
	"carechat/shared/sweep"
	"carechat/shared/table"
)

func main() {
	publicURL := strings.TrimSuffix(env.Required("PUBLIC_URL"), "/")
	t := table.Open()
	out := sns.Open(4 * time.Second)
	notices := &notice.Sender{
		Store: t, Now: chat.Clock, NewID: id.New, PublicURL: publicURL,
		Text: out.Text, Mail: out.Mail(env.Required("MEMBER_TOPICS")), MaxTopics: env.Number("MAX_MEMBER_TOPICS"),
	}
	links := &notice.LinkSender{Store: t, Now: chat.Clock, NewID: id.New, PublicURL: publicURL, Deliver: notices.DeliverLink}
	lambda.Start(notifier{&sweep.Sweep[table.Job]{
		Name: "notify", Shards: table.DueShards(table.NoticeLane), Due: t.DueJobs, Do: worker{notices, links}.do,
		Now: chat.Clock, Log: slog.New(slog.NewJSONHandler(os.Stdout, nil)),
	}}.handle)
}
