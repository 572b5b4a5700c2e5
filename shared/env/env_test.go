package env

import (
	"fmt"
	"os"
	"os/exec"
	"testing"
)

// reads are calls that a test makes in a process of its own, which a setting may end.
var reads = map[string]func() any{
	"required":  func() any { return Required("TABLE_NAME") },
	"number":    func() any { return Number("MAX_MEMBER_TOPICS") },
	"cacheTime": func() any { return CacheTime() },
	"endpoint":  func() any { return Endpoint("AWS_ENDPOINT_URL_SNS") },
	"local":     func() any { return IsLocal() },
}

func TestMain(m *testing.M) {
	if read, ok := reads[os.Getenv("READ")]; ok {
		fmt.Print(read())
		os.Exit(0)
	}
	os.Exit(m.Run())
}

const ends = "exit status 1"

func TestASettingIsReadOrEndsTheProcess(t *testing.T) {
	for _, test := range []struct {
		read, set, want string
	}{
		{"required", "TABLE_NAME=care-chats", "care-chats"},
		{"required", "TABLE_NAME=", ends},
		{"number", "MAX_MEMBER_TOPICS=0", "0"},
		{"number", "MAX_MEMBER_TOPICS=", ends},
		{"number", "MAX_MEMBER_TOPICS=many", ends},
		{"number", "MAX_MEMBER_TOPICS=-1", ends},
		{"cacheTime", "", "1m0s"},
		{"cacheTime", "SETTINGS_SECONDS=", "1m0s"},
		{"cacheTime", "SETTINGS_SECONDS=0", "0s"},
		{"cacheTime", "SETTINGS_SECONDS=1.5", ends},
		{"local", "STAGE=local", "true"},
		{"local", "STAGE=prod", "false"},
	} {
		if got := run(test.read, test.set); got != test.want {
			t.Errorf("%s, %s: %s, not %s", test.read, test.set, got, test.want)
		}
	}
}

func TestALocalRunNeverReachesAWS(t *testing.T) {
	if got := run("endpoint", "AWS_SAM_LOCAL=true"); got != ends {
		t.Errorf("without an endpoint: %s", got)
	}
	if got := run("endpoint", "AWS_SAM_LOCAL=true", "AWS_ENDPOINT_URL_SNS=http://127.0.0.1:1"); got != "http://127.0.0.1:1" {
		t.Errorf("with one: %s", got)
	}
	if got := run("endpoint", "AWS_ENDPOINT_URL_SNS="); got != "" {
		t.Errorf("in AWS: %s", got)
	}
}

// run returns what a process with these settings alone reads, or how it ends.
func run(read string, set ...string) string {
	process := exec.Command(os.Args[0])
	process.Env = append(set, "READ="+read)
	out, err := process.Output()
	if err != nil {
		return err.Error()
	}
	return string(out)
}
