package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"carechat/deploy"
)

// local returns where the machine of `make run` takes calls of its operator function.
func local() string {
	return "http://localhost:" + cmp.Or(os.Getenv("INBOX_PORT"), "3001") + "/2015-03-31/functions/operator/invocations"
}

// operator returns what calls a stack's operator function, through the AWS CLI.
func operator(stack string) (deploy.Invoke, error) {
	name, err := aws("cloudformation", "describe-stack-resource", "--stack-name", stack, "--logical-resource-id", "OperatorFunction",
		"--query", "StackResourceDetail.PhysicalResourceId", "--output", "text")
	if err != nil {
		return nil, err
	}
	return func(payload []byte) ([]byte, error) { return invoke(strings.TrimSpace(name)+":live", payload) }, nil
}

func aws(args ...string) (string, error) {
	call := exec.Command("aws", args...)
	call.Stderr = os.Stderr
	out, err := call.Output()
	if err != nil {
		return "", fmt.Errorf("aws %s: %w", strings.Join(args[:2], " "), err)
	}
	return string(out), nil
}

// invoke calls a function. Its payload may hold names, so it goes through a file that only this user can read.
func invoke(function string, payload []byte) ([]byte, error) {
	folder, err := os.MkdirTemp("", "operator-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	asked, answered := filepath.Join(folder, "asked"), filepath.Join(folder, "answered")
	if err := os.WriteFile(asked, payload, 0o600); err != nil {
		return nil, err
	}
	if _, err := aws("lambda", "invoke", "--function-name", function, "--payload", "fileb://"+asked, answered); err != nil {
		return nil, err
	}
	return os.ReadFile(answered)
}

// invokeHere calls the operator function of `make run`.
func invokeHere(payload []byte) ([]byte, error) {
	answer, err := http.Post(local(), "application/json", bytes.NewReader(payload))
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	return io.ReadAll(answer.Body)
}
