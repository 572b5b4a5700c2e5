package emulator

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const cache = "../../.cache"

func TestTheEmulatorKeepsItsTable(t *testing.T) {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	config := Config{Folder: t.TempDir(), Cache: cache}
	var streams []string
	for range 2 {
		e, err := Start(t.Context(), config)
		if err != nil {
			t.Fatal(err)
		}
		stream, err := Client{e.URL, client}.PrepareTable(t.Context(), "things")
		e.Close()
		if err != nil {
			t.Fatal(err)
		}
		streams = append(streams, stream)
	}
	if streams[0] == "" || streams[0] != streams[1] {
		t.Errorf("the stream is %q, and after a restart %q", streams[0], streams[1])
	}
}

// Where dynoxide has no package, DynamoDB Local runs, and one line says so.
func TestOtherPlatformsGetDynamoDBLocal(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv("EMULATOR", "")
	for platform, want := range map[string]string{"linux/amd64": Dynoxide, "linux/arm64": DynamoDBLocal, "darwin/arm64": DynamoDBLocal} {
		var lines []string
		c := Config{Log: func(format string, _ ...any) { lines = append(lines, format) }}
		if got, err := c.kind(platform); err != nil || got != want || (len(lines) == 1) != (got == DynamoDBLocal) {
			t.Errorf("%s: %s, %v, %q", platform, got, err, lines)
		}
	}
	t.Setenv("EMULATOR", DynamoDBLocal)
	if got, err := (Config{}).kind("linux/amd64"); err != nil || got != DynamoDBLocal {
		t.Errorf("DynamoDB Local was asked for: %s, %v", got, err)
	}
	t.Setenv("EMULATOR", "none")
	if _, err := (Config{}).kind("linux/amd64"); err == nil {
		t.Error("an unknown emulator is accepted")
	}
}

func TestAMissingToolIsNamed(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	for kind, want := range map[string]string{Dynoxide: "npm install", DynamoDBLocal: "needs Java 17"} {
		t.Setenv("EMULATOR", kind)
		_, err := Start(t.Context(), Config{Cache: t.TempDir()})
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "DYNAMODB_ENDPOINT") {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

func TestAnEmulatorThatEndsAtOnceIsQuoted(t *testing.T) {
	bin := t.TempDir()
	script := "#!/bin/sh\necho no such thing as a database >&2\nexit 1\n"
	if err := os.WriteFile(filepath.Join(bin, "dynoxide"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin)
	t.Setenv("EMULATOR", Dynoxide)
	if _, err := Start(t.Context(), Config{}); err == nil || !strings.Contains(err.Error(), "no such thing as a database") {
		t.Error(err)
	}
}
