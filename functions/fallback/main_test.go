package main

import (
	"encoding/json"
	"log"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"carechat/local/lambda"
	"carechat/local/template"
	"carechat/tests/support/module"
)

// build builds a function of a release as SAM does, but for this machine, and returns the folder of its binary.
func build(t *testing.T, target, release string) string {
	t.Helper()
	folder := t.TempDir()
	architecture := map[string]string{"amd64": "x86_64", "arm64": "arm64"}[runtime.GOARCH]
	build := exec.Command("make", target, "LAMBDA_GOOS="+runtime.GOOS, "ARTIFACTS_DIR="+folder, "ARCHITECTURE="+architecture)
	build.Dir, build.Env = module.Root(), append(os.Environ(), "RELEASE="+release)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("make %s: %v\n%s", target, err, out)
	}
	return folder
}

func TestHealthSaysTheReleaseThatWasBuilt(t *testing.T) {
	functions := lambda.New(log.New(t.Output(), "", 0), nil)
	runtime := httptest.NewUnstartedServer(nil)
	runtime.Config.Handler = functions.RuntimeAPI(runtime.Listener.Addr().String())
	runtime.Start()
	defer runtime.Close()
	defer functions.Close()
	functions.Add(lambda.Function{
		Name: "fallback", Folder: build(t, "build-FallbackFunction", "abc1234"), Function: template.Function{Timeout: 10 * time.Second},
	})
	answer, err := functions.Invoke(t.Context(), "fallback", []byte(`{"version":"2.0","routeKey":"GET /v1/health","rawPath":"/v1/health"}`))
	if err != nil {
		t.Fatal(err)
	}
	var response struct{ Body string }
	if err := json.Unmarshal(answer, &response); err != nil || response.Body != `{"status":"ok","version":"abc1234"}` {
		t.Errorf("it answers %s, %v", answer, err)
	}
}

// Lambda gets a new version of a function only if its code changed.
func TestACommitChangesNoOtherFunction(t *testing.T) {
	one, two := build(t, "build-CancelFunction", "abc1234"), build(t, "build-CancelFunction", "def5678")
	if read(t, one) != read(t, two) {
		t.Error("the release is in a function that does not say it")
	}
}

func read(t *testing.T, folder string) string {
	t.Helper()
	binary, err := os.ReadFile(filepath.Join(folder, "bootstrap"))
	if err != nil {
		t.Fatal(err)
	}
	return string(binary)
}
