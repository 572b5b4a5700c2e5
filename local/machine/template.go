package machine

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// deployment is what the machine takes from template.yaml.
type deployment struct {
	functions map[string]function // by folder
	routes    []route
	cors      cors
	streams   []mapping
	schedules []schedule
	topics    []string // ARNs
	listeners []subscription
}

type function struct {
	timeout      time.Duration
	environment  map[string]string
	retries      int  // of a call for which nobody waits
	keepsLetters bool // of the calls that were given up
}

type schedule struct {
	function string
	every    time.Duration
}

// The part of template.yaml that matters here, its intrinsic functions already replaced by their values.
type (
	templateFile struct {
		Globals   struct{ Function functionProperties }
		Resources map[string]struct {
			Type       string
			Properties json.RawMessage
		}
	}
	functionProperties struct {
		Timeout     int
		Environment struct{ Variables map[string]any }

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
		BatchSize                    int    // DynamoDB
		BisectBatchOnFunctionError   bool
		MaximumRetryAttempts         *int
		MaximumRecordAgeInSeconds    int
		FunctionResponseTypes        []string
		FilterCriteria               struct{ Filters []struct{ Pattern string } }
		Schedule, ScheduleExpression string // Schedule, ScheduleV2
		Topic                        string // SNS
		FilterPolicy                 any
	}
)

// readTemplate reads the template at path; values stand for its parameters and
// for the names of its resources.
func readTemplate(path string, values map[string]string) (*deployment, error) {
	source, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	plain, err := resolve(source, values)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	var file templateFile
	if err := json.Unmarshal(plain, &file); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	d := &deployment{functions: map[string]function{}}
	for _, id := range slices.Sorted(maps.Keys(file.Resources)) {
		if err := d.add(id, file); err != nil {
			return nil, fmt.Errorf("%s: %s: %w", path, id, err)
		}
	}
	sortRoutes(d.routes)
	return d, nil
}

func (d *deployment) add(id string, file templateFile) error {
	switch resource := file.Resources[id]; resource.Type {
	case "AWS::Serverless::HttpApi":
		var api struct{ CorsConfiguration cors }
		err := json.Unmarshal(resource.Properties, &api)
		d.cors = api.CorsConfiguration
		return err
	case "AWS::SNS::Topic":
		d.topics = append(d.topics, topicARN(id))
	case "AWS::Serverless::Function":
		own := functionProperties{Timeout: file.Globals.Function.Timeout}
		if err := json.Unmarshal(resource.Properties, &own); err != nil {
			return err
		}
		return d.addFunction(folder(id), own, file.Globals.Function.Environment.Variables)
	}
	return nil
}

func (d *deployment) addFunction(name string, own functionProperties, global map[string]any) error {
	f := function{
		timeout: time.Duration(cmp.Or(own.Timeout, 3)) * time.Second, environment: map[string]string{}, retries: 2,
		keepsLetters: own.DeadLetterQueue != nil || own.EventInvokeConfig.DestinationConfig.OnFailure != nil,
	}
	if n := own.EventInvokeConfig.MaximumRetryAttempts; n != nil {
		f.retries = *n
	}
	for _, variables := range []map[string]any{global, own.Environment.Variables} {
		for key, value := range variables {
			f.environment[key] = fmt.Sprint(value)
		}
	}
	d.functions[name] = f
	for _, id := range slices.Sorted(maps.Keys(own.Events)) {
		if err := d.addEvent(name, own.Events[id].Type, own.Events[id].Properties); err != nil {
			return fmt.Errorf("%s: %w", id, err)
		}
	}
	return nil
}

func (d *deployment) addEvent(function, kind string, p eventProperties) error {
	switch kind {
	case "HttpApi":
		d.routes = append(d.routes, newRoute(p.Method, p.Path, function))
	case "DynamoDB":
		m, err := newMapping(function, p)
		d.streams = append(d.streams, m)
		return err
	case "Schedule", "ScheduleV2":
		every, err := rate(p.Schedule + p.ScheduleExpression)
		d.schedules = append(d.schedules, schedule{function, every})
		return err
	case "SNS":
		s, err := newListener(function, p)
		d.listeners = append(d.listeners, s)
		return err
	default:
		return fmt.Errorf("an event of type %s has no counterpart on this machine", kind)
	}
	return nil
}

// newListener is a function's subscription to a topic.
func newListener(function string, p eventProperties) (subscription, error) {
	s := subscription{Topic: p.Topic, Protocol: "lambda", Endpoint: function, Attributes: map[string]string{}}
	if p.FilterPolicy == nil {
		return s, nil
	}
	policy, err := json.Marshal(p.FilterPolicy)
	if err != nil {
		return s, err
	}
	s.Attributes["FilterPolicy"] = string(policy)
	return s, checkAttributes(s.Attributes)
}

var capitals = regexp.MustCompile("[A-Z]")

// folder is where a function lives: MarkReadFunction is functions/mark-read.
func folder(id string) string {
	kebab := capitals.ReplaceAllString(strings.TrimSuffix(id, "Function"), "-$0")
	return strings.ToLower(strings.TrimPrefix(kebab, "-"))
}

var rates = regexp.MustCompile(`^rate\((\d+) (minute|hour|day)s?\)$`)

func rate(expression string) (time.Duration, error) {
	parts := rates.FindStringSubmatch(expression)
	if parts == nil {
		return 0, fmt.Errorf("schedule %q: only rate(…) runs on this machine", expression)
	}
	n, err := strconv.Atoi(parts[1])
	unit := map[string]time.Duration{"minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour}[parts[2]]
	return time.Duration(n) * unit, err
}
