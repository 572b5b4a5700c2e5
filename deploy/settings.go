// Package deploy is what `make deploy` does beside SAM: it says what an environment of samconfig.toml lacks
// before anything is built, and makes a changed parameter reach the functions that read it.
package deploy

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"carechat/local/template"
)

// Settings is what an environment is deployed with.
type Settings struct {
	Stack, Region string
	// Parameters has a value for every parameter of the template: the environment's, or else the default.
	// SAM alone would keep the value of the deployment before for a parameter that is no longer named.
	Parameters map[string]string
	Problems   []string // what must be mended before this can be deployed
}

// environment is the part of samconfig.toml that a deployment reads.
type environment struct {
	Global struct {
		Parameters struct {
			StackName string `toml:"stack_name"`
			Region    string
		}
	}
	Deploy struct {
		Parameters struct {
			Overrides map[string]string `toml:"parameter_overrides"`
		}
	}
}

// parameter is one of the template's.
type parameter struct {
	Default        any
	AllowedValues  []any
	AllowedPattern string
}

// Read reads an environment of the samconfig.toml at path for the template. It returns an error if one of
// the files cannot be read; what is missing in them is in Problems.
func Read(path, templatePath, stage string) (*Settings, error) {
	all, err := environments(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	source, err := template.Read(templatePath)
	if err != nil {
		return nil, err
	}
	var known struct{ Parameters map[string]parameter }
	if err := source.Decode(&known); err != nil {
		return nil, err
	}
	e := all[stage]
	s := &Settings{Stack: e.Global.Parameters.StackName, Region: e.Global.Parameters.Region, Parameters: map[string]string{}}
	if len(e.Deploy.Parameters.Overrides) == 0 {
		s.fail("samconfig.toml has no environment %q to deploy: it has %s", stage, deployable(all))
		return s, nil
	}
	s.take(e.Deploy.Parameters.Overrides, known.Parameters)
	s.check(stage)
	return s, nil
}

// environments returns the tables of samconfig.toml by name. version is the file's, and no environment.
func environments(path string) (map[string]environment, error) {
	var undecoded map[string]toml.Primitive
	keys, err := toml.DecodeFile(path, &undecoded)
	if err != nil {
		return nil, err
	}
	all := map[string]environment{}
	for name, each := range undecoded {
		var e environment
		if name != "version" {
			err = errors.Join(err, keys.PrimitiveDecode(each, &e))
			all[name] = e
		}
	}
	return all, err
}

func deployable(all map[string]environment) string {
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(all)), func(name string) bool {
		return len(all[name].Deploy.Parameters.Overrides) == 0
	})
	return strings.Join(names, ", ")
}

func (s *Settings) fail(format string, args ...any) {
	s.Problems = append(s.Problems, fmt.Sprintf(format, args...))
}

// take fills in the parameters, and finds those that CloudFormation would refuse.
func (s *Settings) take(overrides map[string]string, known map[string]parameter) {
	for _, name := range slices.Sorted(maps.Keys(overrides)) {
		if _, ok := known[name]; !ok {
			s.fail("template.yaml has no parameter %s", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(known)) {
		p := known[name]
		value, given := overrides[name]
		if !given {
			value = fmt.Sprint(p.Default)
		}
		s.Parameters[name] = value
		switch {
		case len(p.AllowedValues) > 0 && !slices.ContainsFunc(p.AllowedValues, func(v any) bool { return fmt.Sprint(v) == value }):
			s.fail("%s is %q, and may be %v", name, value, p.AllowedValues)
		case p.AllowedPattern != "" && !matches(p.AllowedPattern, value):
			s.fail("%s is %q, and must match %s", name, value, p.AllowedPattern)
		}
	}
}

func matches(pattern, value string) bool {
	ok, err := regexp.MatchString(pattern, value)
	return err == nil && ok
}

// check finds what would be refused by AWS after minutes, or would be accepted and wrong.
func (s *Settings) check(stage string) {
	if s.Stack == "" {
		s.fail("write stack_name into [%s.global.parameters] of samconfig.toml", stage)
	}
	if s.Parameters["Stage"] != stage {
		s.fail("the environment %s of samconfig.toml deploys Stage=%s", stage, s.Parameters["Stage"])
	}
	if stage == "dev" {
		return
	}
	if stage == "prod" && s.Parameters["AlarmEmail"] == "" {
		s.fail("write AlarmEmail into [prod.deploy.parameters.parameter_overrides] of samconfig.toml: somebody must hear prod's alarms")
	}
	if origins := s.Parameters["WebOrigins"]; strings.Contains(origins, "localhost") || strings.Contains(origins, "127.0.0.1") {
		s.fail("WebOrigins is %q: %s may not let a page of somebody's own machine call it", origins, stage)
	}
}
