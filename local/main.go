// Command local runs the whole product on this machine; see docs/local.md.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"carechat/local/machine"
	"carechat/local/watch"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	config, err := settings()
	if err != nil {
		return err
	}
	build := flags(&config)
	m, err := machine.Start(ctx, config)
	switch {
	case errors.Is(err, context.Canceled):
		return nil // ended while it started
	case err != nil:
		return err
	}
	defer m.Close()
	fmt.Print(summary(m))
	if build != "" {
		go watch.Run(ctx, time.Tick(time.Second/4), sources, func(saved []string) { rebuild(ctx, build, saved) })
	}
	select {
	case <-ctx.Done():
		return nil
	case <-m.Died():
		return errors.New("the DynamoDB emulator has ended")
	}
}

// settings returns the configuration that the environment asks for; docs/local.md
// lists the variables.
func settings() (machine.Config, error) {
	c := machine.Config{
		Bind: os.Getenv("BIND"), DataDir: os.Getenv("DATA_DIR"), DynamoDBEndpoint: os.Getenv("DYNAMODB_ENDPOINT"), Log: os.Stderr,
	}
	for _, s := range []struct {
		name     string
		value    *int
		fallback int
	}{
		{"PORT", &c.Port, 3000}, {"INBOX_PORT", &c.InboxPort, 3001}, {"ISSUER_PORT", &c.IssuerPort, 3002},
		{"DYNAMODB_PORT", &c.DynamoDBPort, 8000}, {"SETTINGS_SECONDS", &c.SettingsSeconds, 60},
	} {
		*s.value = s.fallback
		if text := os.Getenv(s.name); text != "" {
			n, err := strconv.Atoi(text)
			if err != nil || n < 0 || n > 65535 {
				return c, fmt.Errorf("%s=%q is not a number from 0 to 65535", s.name, text)
			}
			*s.value = n
		}
	}
	return c, nil
}

// flags completes the configuration by the flags that the Makefile gives, and
// returns the command that builds the functions anew, if saved files are watched.
func flags(c *machine.Config) (build string) {
	behindSAM := flag.Bool("sam", false, "leave the HTTP API to `sam local start-api`")
	file := flag.String("sam-env", ".cache/sam-environment.json", "with -sam: the file for its --env-vars")
	flag.StringVar(&build, "watch", "", "the command that builds the functions when a source file is saved")
	flag.StringVar(&c.Debug, "debug", "", "the function that runs under the debugger")
	debugger := flag.String("debugger", "", "with -debug: the command that a function's binary follows")
	flag.Parse()
	if c.Debugger = strings.Fields(*debugger); len(c.Debugger) > 0 {
		c.Debugger[0], _ = filepath.Abs(c.Debugger[0]) // for a function runs in its own folder
	}
	if *behindSAM {
		c.SAM = &machine.SAM{Gateway: os.Getenv("GATEWAY"), EnvironmentFile: *file}
	}
	return build
}

// sources are the folders that functions are built from.
var sources = []string{"functions", "shared"}

// rebuild builds the functions. The next call of each one that changed uses it.
func rebuild(ctx context.Context, command string, saved []string) {
	started := time.Now()
	c := exec.CommandContext(ctx, "sh", "-c", command)
	c.Stdout, c.Stderr = os.Stderr, os.Stderr
	outcome := "built"
	if err := c.Run(); err != nil {
		outcome = "NOT BUILT"
	}
	fmt.Fprintf(os.Stderr, "watch | %s: %s after %.1f s\n", strings.Join(saved, " "), outcome, time.Since(started).Seconds())
}

// summary returns what to do next. It begins with "ready", for scripts that wait for it.
func summary(m *machine.Machine) string {
	return strings.NewReplacer("{api}", m.URL, "{inbox}", m.InboxURL, "{issuer}", m.IssuerURL, "{dynamodb}", m.DynamoDB, "{table}", machine.TableName).Replace(`ready

  the member's page   {api}   ask for a link with +15550100101 (Ana, born 1970-02-03) and take it from the inbox
  the console         {api}/console   sign in as Sam Rivera, a care manager of Harbor Care
  the API             {api}/v1
  its contract        {api}/docs   once make api-docs has made it
  the inbox           {inbox}   what phones and mailboxes would have got; text back there
  what functions did  {inbox}/calls   their numbers and their last 200 log lines, live
  log-ins             {issuer}   access tokens for everybody
  DynamoDB            {dynamodb}   the table is {table}

  a link for Ana      curl -s {api}/v1/links -H 'Content-Type: application/json' -d '{"contact": "+15550100101"}'; sleep 2; curl -s {inbox}/messages | grep -o 'http[^" ]*#/l/[A-Za-z0-9_-]*' | tail -1
  a member's token    ANA=$(curl -s '{issuer}/token?role=member&organization=harbor&subject=ana&as=text')
  a care manager's    RIVERA=$(curl -s '{issuer}/token?role=careManager&organization=harbor&subject=cm-rivera&as=text')
  the platform's      PLATFORM=$(curl -s '{issuer}/token?role=platform&organization=harbor&as=text')

Ctrl-C ends it.
`)
}
