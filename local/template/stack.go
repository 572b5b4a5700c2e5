package template

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Stack is what this machine plays of the resources that a template describes.
type Stack struct {
	Functions map[string]Function // by folder
	Routes    []Route
	CORS      CORS
	Streams   []Stream
	Schedules []Schedule
	Topics    []string // ARNs
	Listeners []Listener
}

// Function is a Lambda function.
type Function struct {
	Timeout     time.Duration
	Environment map[string]string
	Retries     int  // of an asynchronous call
	DeadLetters bool // keeps the asynchronous calls that failed for good
}

// Route is a route of the HTTP API.
type Route struct {
	Method   string // or ANY
	Path     string // such as /v1/members/{memberId}/chats or /v1/{proxy+}
	Function string
}

// CORS says what pages of other origins may do.
type CORS struct {
	AllowOrigins, AllowMethods, AllowHeaders, ExposeHeaders []string
	MaxAge                                                  int
}

// Stream is how a function reads the table's stream, in the template's words.
type Stream struct {
	Function                   string `json:"-"`
	BatchSize                  int
	FilterCriteria             struct{ Filters []Filter }
	MaximumRetryAttempts       *int // nil and -1 are without end
	BisectBatchOnFunctionError bool
	FunctionResponseTypes      []string
	MaximumRecordAgeInSeconds  int // -1 and 0 are any
}

// Filter lets the records through that match its pattern.
type Filter struct{ Pattern string }

// Schedule calls a function at a fixed rate.
type Schedule struct {
	Function string
	Every    time.Duration
}

// Listener is a function that subscribes to a topic.
type Listener struct{ Topic, Function string }

// The properties that matter here, after their intrinsic functions were replaced.
type (
	functionProperties struct {
		Timeout           int
		Environment       struct{ Variables map[string]any }
		EventInvokeConfig struct {
			MaximumRetryAttempts *int
			DestinationConfig    struct{ OnFailure any }
		}
		DeadLetterQueue any
		Events          map[string]struct {
			Type       string
			Properties eventProperties
		}
	}
	eventProperties struct {
		Method, Path                 string // HttpApi
		Stream                              // DynamoDB
		Schedule, ScheduleExpression string // Schedule, ScheduleV2
		Topic                        string // SNS
		FilterPolicy                 any
	}
)

// Resolve returns the stack with values in the place of the template's
// parameters and of its resources' names. It returns an error for anything that
// this machine would have to skip.
func (t *Template) Resolve(values map[string]string) (*Stack, error) {
	r := &resolver{values: values, topics: map[string]bool{}}
	resources, _ := t.sections["Resources"].(map[string]any)
	r.conditions, _ = t.sections["Conditions"].(map[string]any)
	if err := convert(t.sections["Parameters"], &r.parameters); err != nil {
		return nil, fmt.Errorf("%s: Parameters: %w", t.path, err)
	}
	for id, resource := range resources {
		r.topics[id] = kind(resource) == "AWS::SNS::Topic"
	}
	var globals struct{ Function functionProperties }
	if err := r.decode(t.sections["Globals"], &globals); err != nil {
		return nil, fmt.Errorf("%s: Globals: %w", t.path, err)
	}
	s := &Stack{Functions: map[string]Function{}}
	for _, id := range slices.Sorted(maps.Keys(resources)) {
		if err := s.add(r, id, resources[id], globals.Function); err != nil {
			return nil, fmt.Errorf("%s: %s: %w", t.path, id, err)
		}
	}
	return s, nil
}

func kind(resource any) string {
	fields, _ := resource.(map[string]any)
	name, _ := fields["Type"].(string)
	return name
}

// decode decodes v, its intrinsic functions replaced.
func (r *resolver) decode(v, to any) error {
	resolved := r.value(v)
	if r.err != nil {
		return r.err
	}
	return convert(resolved, to)
}

func (s *Stack) add(r *resolver, id string, resource any, globals functionProperties) error {
	switch kind(resource) {
	case "AWS::Serverless::HttpApi":
		var api struct {
			Properties struct{ CorsConfiguration CORS }
		}
		err := r.decode(resource, &api)
		s.CORS = api.Properties.CorsConfiguration
		return err
	case "AWS::SNS::Topic":
		s.Topics = append(s.Topics, TopicARN(id))
	case "AWS::Serverless::Function":
		var f struct{ Properties functionProperties }
		f.Properties.Timeout = globals.Timeout
		if err := r.decode(resource, &f); err != nil {
			return err
		}
		return s.addFunction(Folder(id), f.Properties, globals.Environment.Variables)
	}
	return nil
}

func (s *Stack) addFunction(name string, own functionProperties, global map[string]any) error {
	f := Function{
		Timeout: time.Duration(cmp.Or(own.Timeout, 3)) * time.Second, Environment: map[string]string{}, Retries: 2,
		DeadLetters: own.DeadLetterQueue != nil || own.EventInvokeConfig.DestinationConfig.OnFailure != nil,
	}
	if n := own.EventInvokeConfig.MaximumRetryAttempts; n != nil {
		f.Retries = *n
	}
	for _, variables := range []map[string]any{global, own.Environment.Variables} {
		for key, value := range variables {
			f.Environment[key] = fmt.Sprint(value)
		}
	}
	s.Functions[name] = f
	for _, id := range slices.Sorted(maps.Keys(own.Events)) {
		if err := s.addEvent(name, own.Events[id].Type, own.Events[id].Properties); err != nil {
			return fmt.Errorf("%s: %w", id, err)
		}
	}
	return nil
}

func (s *Stack) addEvent(function, kind string, p eventProperties) error {
	switch kind {
	case "HttpApi":
		s.Routes = append(s.Routes, Route{strings.ToUpper(p.Method), p.Path, function})
	case "DynamoDB":
		p.Stream.Function, p.BatchSize = function, cmp.Or(p.BatchSize, 100)
		s.Streams = append(s.Streams, p.Stream)
	case "Schedule", "ScheduleV2":
		every, err := rate(p.Schedule + p.ScheduleExpression)
		s.Schedules = append(s.Schedules, Schedule{function, every})
		return err
	case "SNS":
		if p.FilterPolicy != nil {
			return fmt.Errorf("FilterPolicy is not supported on this machine")
		}
		s.Listeners = append(s.Listeners, Listener{p.Topic, function})
	default:
		return fmt.Errorf("events of type %s are not supported on this machine", kind)
	}
	return nil
}

var capitals = regexp.MustCompile("[A-Z]")

// Folder returns where a function's code is: functions/mark-read for MarkReadFunction.
func Folder(id string) string {
	kebab := capitals.ReplaceAllString(strings.TrimSuffix(id, "Function"), "-$0")
	return strings.ToLower(strings.TrimPrefix(kebab, "-"))
}

var rates = regexp.MustCompile(`^rate\((\d+) (minute|hour|day)s?\)$`)

func rate(expression string) (time.Duration, error) {
	parts := rates.FindStringSubmatch(expression)
	if parts == nil {
		return 0, fmt.Errorf("schedule %q: only rate(…) is supported on this machine", expression)
	}
	n, err := strconv.Atoi(parts[1])
	unit := map[string]time.Duration{"minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour}[parts[2]]
	return time.Duration(n) * unit, err
}
