// Package rehearsal deploys template.yaml as far as that goes without AWS: SAM's own translator makes of it
// what CloudFormation would get, and the tests look at that. `make rehearse` runs it.
package rehearsal

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"testing"

	"carechat/local/template"
	"carechat/tests/support/module"
)

func TestMain(m *testing.M) {
	if sam() == "" {
		fmt.Println("NOTHING WAS REHEARSED: `make rehearse` does it, with the SAM CLI that it installs")
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// sam returns the Python that the SAM CLI is installed in; "" where make did not say it.
func sam() string { return os.Getenv("SAM_PYTHON") }

// translator is a process that runs SAM's translator.
type translator struct {
	sync.Mutex
	in  io.WriteCloser
	out *bufio.Reader
}

func startTranslator(t *testing.T) *translator {
	t.Helper()
	process := exec.Command(sam(), module.Path("tests/rehearsal/translate.py"))
	process.Env = append(os.Environ(), "AWS_DEFAULT_REGION=us-east-1")
	in, err := process.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		_ = process.Wait()
	})
	return &translator{in: in, out: bufio.NewReader(out)}
}

// translate returns what CloudFormation gets for a template, or what SAM says is wrong with it.
func (tr *translator) translate(t *testing.T, sections map[string]any, parameters map[string]string) (stack, error) {
	t.Helper()
	tr.Lock()
	defer tr.Unlock()
	ask, err := json.Marshal(map[string]any{"template": uploaded(sections), "parameters": parameters})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tr.in.Write(append(ask, '\n')); err != nil {
		t.Fatal(err)
	}
	line, err := tr.out.ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	var answer struct {
		Template stack
		Error    string
	}
	if err := json.Unmarshal(line, &answer); err != nil {
		t.Fatalf("%v: %.200s", err, line)
	}
	if answer.Error != "" {
		return stack{}, fmt.Errorf("%s", answer.Error)
	}
	return answer.Template, nil
}

// stack is a template as CloudFormation gets it.
type stack struct {
	Parameters, Conditions, Rules, Outputs map[string]any
	Resources                              map[string]resource
}

// resource is one of the stack's.
type resource struct {
	Type, Condition string
	DependsOn       any
	DeletionPolicy  string
	Properties      map[string]any
}

// source returns template.yaml in the long form of intrinsic functions.
func source(t *testing.T, path string) map[string]any {
	t.Helper()
	var sections map[string]any
	read, err := template.Read(path)
	if err == nil {
		err = read.Decode(&sections)
	}
	if err != nil {
		t.Fatal(err)
	}
	return sections
}

// uploaded returns the template as `sam deploy` hands it on: code is in a bucket.
func uploaded(sections map[string]any) map[string]any {
	all := clone(sections)
	globals := object(object(all["Globals"])["Function"])
	delete(globals, "CodeUri")
	for _, r := range object(all["Resources"]) {
		if object(r)["Type"] == "AWS::Serverless::Function" {
			object(object(r)["Properties"])["CodeUri"] = "s3://bucket/key"
		}
	}
	return all
}

func clone(sections map[string]any) map[string]any {
	body, _ := json.Marshal(sections)
	var all map[string]any
	_ = json.Unmarshal(body, &all)
	return all
}

func object(v any) map[string]any {
	o, _ := v.(map[string]any)
	return o
}
