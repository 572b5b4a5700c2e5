// Command tool prepares a deployment by `make deploy`:
//
//	tool check STAGE ARCHITECTURE   says what the environment lacks, before anything is built
//	tool stamp STAGE                stamps what SAM built, and writes down every parameter
//	tool stack STAGE                prints the name of the stack
//	tool table STAGE                prints the template of a stack of the table alone
//
// and calls a stack's operator function, or that of the machine of `make run` if STAGE is local:
//
//	tool exportMember STAGE ORGANIZATION MEMBER   prints all rows of a member
//	tool readTable STAGE ORGANIZATION MEMBER
//	tool hold STAGE ORGANIZATION MEMBER
//	tool release STAGE ORGANIZATION MEMBER
//	tool eraseMember STAGE ORGANIZATION MEMBER
//	tool retain STAGE ORGANIZATION YEARS
//	tool checkTable STAGE "" AFTER                checks the whole table, from the beginning if AFTER is ""
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"carechat/deploy"
	"carechat/local/template"
)

const (
	built      = ".aws-sam/build/template.yaml"
	parameters = ".aws-sam/parameters.yaml" // SAM reads no .json, and JSON is YAML
)

var errUsage = errors.New("usage: tool check STAGE ARCHITECTURE | stamp STAGE | stack STAGE | table STAGE | COMMAND STAGE ORGANIZATION MEMBER, or of retain YEARS")

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) < 2 {
		return errUsage
	}
	if len(args) == 4 && args[1] == "local" {
		return operate(invokeHere, args[0], args[2], args[3])
	}
	s, err := deploy.Read("samconfig.toml", "template.yaml", args[1])
	if err != nil {
		return err
	}
	switch {
	case args[0] == "check" && len(args) == 3:
		return check(s, args[2])
	case len(s.Problems) > 0:
		return fmt.Errorf("%s", strings.Join(s.Problems, "\n"))
	case args[0] == "stamp":
		return stamp(s)
	case args[0] == "table":
		return table()
	case args[0] == "stack":
		_, err = fmt.Println(s.Stack)
		return err
	case len(args) == 4:
		ask, err := operator(s.Stack)
		if err != nil {
			return err
		}
		return operate(ask, args[0], args[2], args[3])
	}
	return errUsage
}

// operate gives the operator one of the commands above.
func operate(invoke deploy.Invoke, command, organization, argument string) error {
	switch command {
	case "exportMember", "readTable":
		return deploy.Export(invoke, command, organization, argument, os.Stdout)
	case "checkTable":
		return deploy.CheckTable(invoke, argument, os.Stdout, os.Stderr)
	case "retain":
		return deploy.Retain(invoke, organization, argument, os.Stdout)
	}
	return deploy.Member(invoke, command, organization, argument, os.Stdout)
}

// check returns an error that has a line for each thing that is missing.
func check(s *deploy.Settings, architecture string) error {
	problems := s.Problems
	if wants := s.Parameters["Architecture"]; wants != "" && wants != architecture {
		problems = append(problems, fmt.Sprintf("samconfig.toml deploys to %s, and this would build for %s: say ARCHITECTURE=%s", wants, architecture, wants))
	}
	if s.Region == "" && !hasRegion() {
		problems = append(problems, "no region: set AWS_REGION, or write region into samconfig.toml")
	}
	if len(problems) > 0 {
		return fmt.Errorf("%s", strings.Join(problems, "\n"))
	}
	return nil
}

// hasRegion reports whether the environment or the AWS CLI's configuration names a region.
func hasRegion() bool {
	if os.Getenv("AWS_REGION")+os.Getenv("AWS_DEFAULT_REGION") != "" {
		return true
	}
	out, err := exec.Command("aws", "configure", "get", "region").Output()
	return err == nil && len(out) > 0
}

// table prints the template that a restored table is imported with.
func table() error {
	sections, err := read("template.yaml")
	if err != nil {
		return err
	}
	out := json.NewEncoder(os.Stdout)
	out.SetIndent("", " ")
	return out.Encode(deploy.OnlyTable(sections))
}

func read(path string) (sections map[string]any, err error) {
	source, err := template.Read(path)
	if err == nil {
		err = source.Decode(&sections)
	}
	return sections, err
}

func stamp(s *deploy.Settings) error {
	sections, err := read(built)
	if err != nil {
		return err
	}
	deploy.Stamp(sections, s.Parameters)
	if err := write(built, sections); err != nil {
		return err
	}
	return write(parameters, s.Parameters)
}

func write(path string, v any) error {
	body, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(body, '\n'), 0o644)
}
