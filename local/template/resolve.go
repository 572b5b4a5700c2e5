package template

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// The region and the account of whatever has an ARN on this machine.
const (
	Region  = "us-east-1"
	Account = "123456789012"
)

// TopicARN returns the ARN of the SNS topic with that name on this machine.
func TopicARN(name string) string { return "arn:aws:sns:" + Region + ":" + Account + ":" + name }

// resolver replaces intrinsic functions by values, as far as that is possible
// without CloudFormation. An intrinsic function that it does not know is an
// error, not a guess.
type resolver struct {
	values     map[string]string // by parameter or resource
	parameters map[string]struct {
		Type    string
		Default any
	}
	conditions map[string]any
	topics     map[string]bool // resources
	err        error
}

func (r *resolver) value(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, argument := range v {
			if len(v) == 1 && (name == "Ref" || strings.HasPrefix(name, "Fn::")) {
				return r.intrinsic(name, argument)
			}
		}
		all := map[string]any{}
		for key, each := range v {
			all[key] = r.value(each)
		}
		return all
	case []any:
		all := []any{}
		for _, each := range v {
			all = append(all, r.value(each))
		}
		return all
	}
	return v
}

func (r *resolver) fail(format string, args ...any) any {
	r.err = errors.Join(r.err, fmt.Errorf(format, args...))
	return nil
}

func (r *resolver) intrinsic(name string, argument any) any {
	list, _ := argument.([]any)
	text := fmt.Sprint(argument)
	switch {
	case name == "Ref":
		return r.ref(text)
	case name == "Fn::Sub":
		return references.ReplaceAllStringFunc(text, func(reference string) string {
			return fmt.Sprint(r.ref(strings.Trim(reference, "${}")))
		})
	case name == "Fn::GetAtt":
		if topic, ok := strings.CutSuffix(text, ".TopicArn"); ok {
			return r.ref(topic)
		}
		return text
	case name == "Fn::If" && len(list) == 3:
		if r.value(r.conditions[fmt.Sprint(list[0])]) == true {
			return r.value(list[1])
		}
		return r.value(list[2])
	case name == "Fn::Not" && len(list) == 1:
		return r.value(list[0]) != true
	case name == "Fn::Equals" && len(list) == 2:
		return fmt.Sprint(r.value(list[0])) == fmt.Sprint(r.value(list[1]))
	}
	return r.fail("%s %s is not supported on this machine", name, text)
}

var references = regexp.MustCompile(`\$\{[^}]+\}`)

// ref returns a parameter's value, a topic's ARN, or the name of any other resource.
func (r *resolver) ref(name string) any {
	value, known := r.values[name]
	parameter, isParameter := r.parameters[name]
	switch {
	case isParameter && !known && parameter.Type != "CommaDelimitedList":
		return parameter.Default
	case isParameter && !known:
		return strings.Split(fmt.Sprint(parameter.Default), ",")
	case isParameter && parameter.Type == "CommaDelimitedList":
		return strings.Split(value, ",")
	case known:
		return value
	case r.topics[name]:
		return TopicARN(name)
	}
	return name
}
