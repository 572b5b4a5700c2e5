// Command notify sends what is due: the texts and emails that say there is a
// message, links that were asked for, and the subscriptions that emails need. The
// table's stream invokes it at once, and a schedule every minute, so that nothing
// depends on the stream (N1).
package main

import (
	"context"
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
		Store: tallied{t}, Now: chat.Clock, NewID: id.New, PublicURL: publicURL,
		Pace: pace(env.Number("TEXTS_PER_SECOND"), env.Number("EMAILS_PER_SECOND")),
		Text: out.Text, Mail: out.Mail(env.Required("MEMBER_TOPICS")), MaxTopics: env.Number("MAX_MEMBER_TOPICS"),
	}
	links := &notice.LinkSender{Store: tallied{t}, Now: chat.Clock, NewID: id.New, PublicURL: publicURL, Deliver: notices.DeliverLink}
	w, log := worker{notices, links}, slog.New(slog.NewJSONHandler(os.Stdout, nil))
	lambda.Start(notifier{
		Sweep: &sweep.Sweep[table.Job]{
			Name: "notify", Due: sweep.Timed(t.DueJobs, table.Job.Due, "notify", log), Do: w.do, Now: chat.Clock, Log: log,
		},
		forSweep: w.forSweep,
		alone:    func(ctx context.Context, work func()) error { return notice.Alone(ctx, t, chat.Clock, work) },
	}.handle)
}

// pace returns a wait for each channel that keeps notices to nine tenths of the
// rate at which SNS takes messages. The rest is for links.
func pace(texts, emails int) map[chat.Channel]*notice.Pace {
	share := func(perSecond int) *notice.Pace {
		return &notice.Pace{Every: 10 * time.Second / time.Duration(9*perSecond)}
	}
	return map[chat.Channel]*notice.Pace{chat.SMS: share(texts), chat.Email: share(emails)}
}
