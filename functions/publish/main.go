// Command publish sends an event to the topic that the platform subscribes to for
// each change of the table that the platform is told of (N8). The table's stream
// invokes it.
package main

import (
	"log/slog"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"carechat/shared/env"
	"carechat/shared/sns"
)

func main() {
	topic := sns.Open(4 * time.Second).Topic(env.Required("EVENTS_TOPIC"))
	lambda.Start(publisher{topic.Publish, slog.New(slog.NewJSONHandler(os.Stdout, nil))}.handle)
}
