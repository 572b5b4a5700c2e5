// Command provision puts a file of an organization's people and settings through
// the API: NDJSON, a line for each PUT.
//
//	{"path": "/members/ana", "body": {"displayName": "Ana Reyes", …}}
//
// TOKEN is an access token of the platform; without it the local machine gives one
// of harbor's. It may be run again at any time: a PUT that changes nothing is no
// change.
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"golang.org/x/time/rate"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	api := flag.String("api", local("PORT", "3000"), "the API's address")
	perSecond := flag.Float64("rate", 40, "PUTs a second")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	file := flag.Arg(0)
	puts, err := read(file)
	if err != nil {
		return err
	}
	client := &http.Client{Timeout: 30 * time.Second}
	token := os.Getenv("TOKEN") // on a command line every process could read it
	if token == "" {
		if token, err = localToken(ctx, client); err != nil {
			return err
		}
	}
	s := sender{client: client, api: strings.TrimSuffix(strings.TrimSuffix(*api, "/"), "/v1") + "/v1", token: token, limit: rate.NewLimiter(rate.Limit(*perSecond), 1), wait: after}
	p := &progress{all: len(puts), begun: time.Now(), out: os.Stderr}
	refused, err := s.send(ctx, puts, p)
	p.end()
	return finish(file, refused, err)
}

// finish keeps what was refused, and says how a run ended. A run that stopped early leaves
// the file of refused lines alone if nothing was refused, or if it was sending that file:
// it may hold lines that are nowhere else.
func finish(file string, refused []put, stopped error) error {
	if stopped != nil && (len(refused) == 0 || refusedFile(file) == file) {
		return stopped
	}
	if err := keep(refusedFile(file), refused); err != nil {
		return err
	}
	if stopped == nil && len(refused) > 0 {
		return fmt.Errorf("%d were refused: %s says why; correct its lines and send that file", len(refused), refusedFile(file))
	}
	return stopped
}

// local returns the address of a port of the local machine. The machine's own variable
// for that port changes it here too.
func local(variable, port string) string {
	return "http://localhost:" + cmp.Or(os.Getenv(variable), port)
}

// localToken returns a token of the platform of the local machine's organization harbor.
func localToken(ctx context.Context, client *http.Client) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, local("ISSUER_PORT", "3002")+"/token?role=platform&organization=harbor&as=text", nil)
	if err != nil {
		return "", err
	}
	response, err := client.Do(request)
	if err != nil {
		return "", fmt.Errorf("without TOKEN= it takes one of the local machine, which does not run: %w", err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return string(body), err
}

// after waits, or until the context ends.
func after(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
