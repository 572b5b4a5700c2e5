package rehearsal

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// alarm is what decides whether an alarm goes off.
type alarm struct {
	Namespace, MetricName, Statistic, ComparisonOperator, TreatMissingData string
	Period, EvaluationPeriods, DatapointsToAlarm                           int
	Threshold                                                              float64
	AlarmActions, OKActions                                                any
	Metrics                                                                []term
}

// term is a part of an alarm on several metrics: one of them, or what is made of them.
type term struct {
	ID, Expression any
	MetricStat     struct {
		Metric struct{ Namespace, MetricName string }
		Period int
		Stat   string
	}
}

// measure is what a metric says in a period: when all is well, and when what the alarm is about happens. missing
// stands for no data at all, which is what a function that nobody calls leaves.
type measure struct {
	quiet, failing float64
	together       bool // with the alarm's other metrics: alone it sets off nothing
}

const missing = -1

// measures are the datapoints that AWS sends, by metric, statistic and the period in seconds.
var measures = map[string]measure{
	"AWS/ApiGateway 5xx Sum 60":                              {1, 6, false},
	"AWS/ApiGateway 4xx Sum 300":                             {80, 300, true},
	"AWS/ApiGateway Count Sum 300":                           {100, 400, true},
	"AWS/DynamoDB ReadThrottleEvents Sum 60":                 {missing, 11, false},
	"AWS/DynamoDB WriteThrottleEvents Sum 60":                {missing, 11, false},
	"AWS/Lambda Errors Sum 60":                               {missing, 1, false},
	"AWS/Lambda AsyncEventsReceived Sum 300":                 {5, missing, false},
	"AWS/Lambda AsyncEventsDropped Sum 300":                  {2, 5, false},
	"AWS/Lambda IteratorAge Maximum 60":                      {missing, 61000, false},
	"AWS/SQS ApproximateNumberOfMessagesVisible Maximum 60":  {0, 1, false},
	"AWS/SQS ApproximateNumberOfMessagesVisible Maximum 300": {0, 1, false},
	"AWS/SNS SMSMonthToDateSpentUSD Maximum 300":             {0.6, 0.7, false}, // of a dollar
	"AWS/SNS NumberOfNotificationsFailed Sum 3600":           {10, 11, false},
	"CareChats faults Sum 60":                                {missing, 1, false},
	"CareChats unattended Sum 600":                           {missing, 1, false},
	"CareChats textsOverLimit Sum 300":                       {missing, 1, false},
	"CareChats oldestLinkSeconds Maximum 60":                 {60, 700, false},
	"CareChats oldestNoticeSeconds Maximum 60":               {missing, 700, false},
}

// silentAlarms finds alarms that stay silent in the failure that they are about, or go off without one.
func silentAlarms(s stack) (found []string) {
	for id, r := range s.Resources {
		if r.Type != "AWS::CloudWatch::Alarm" {
			continue
		}
		var a alarm
		body, _ := json.Marshal(r.Properties)
		if err := json.Unmarshal(body, &a); err != nil {
			found = append(found, fmt.Sprintf("%s: %v", id, err))
			continue
		}
		quiet, failing, err := a.datapoints()
		switch {
		case err != nil:
			found = append(found, fmt.Sprintf("%s: %v", id, err))
		case slices.ContainsFunc(failing, func(datapoint float64) bool { return !a.goesOff(datapoint) }):
			found = append(found, id+" cannot go off")
		case a.goesOff(quiet):
			found = append(found, id+" goes off when all is well")
		}
		if text(a.AlarmActions) != `{"Fn::If":["HasAlarmEmail",[{"Ref":"AlarmTopic"}],[]]}` || text(a.OKActions) != text(a.AlarmActions) {
			found = append(found, id+" tells nobody that it goes off, or that it is over")
		}
	}
	return found
}

// datapoints returns what the alarm looks at when all is well, and what for each of its metrics that says otherwise.
func (a alarm) datapoints() (quiet float64, failing []float64, err error) {
	if len(a.Metrics) == 0 {
		m, err := measured(a.Namespace, a.MetricName, a.Statistic, a.Period)
		return m.quiet, []float64{m.failing}, err
	}
	well, ill := map[string]float64{}, map[string]measure{}
	expression := ""
	for _, each := range a.Metrics {
		if each.Expression != nil {
			expression = written(each.Expression)
			continue
		}
		m, err := measured(each.MetricStat.Metric.Namespace, each.MetricStat.Metric.MetricName, each.MetricStat.Stat, each.MetricStat.Period)
		if err != nil {
			return 0, nil, err
		}
		well[fmt.Sprint(each.ID)], ill[fmt.Sprint(each.ID)] = m.quiet, m
	}
	quiet, err = calculate(expression, well)
	for id := range ill {
		now := maps.Clone(well)
		for other, m := range ill {
			if other == id || m.together {
				now[other] = m.failing
			}
		}
		datapoint, wrong := calculate(expression, now)
		failing, err = append(failing, datapoint), errors.Join(err, wrong)
	}
	return quiet, failing, err
}

func measured(namespace, name, statistic string, period int) (measure, error) {
	key := fmt.Sprintf("%s %s %s %d", namespace, name, statistic, period)
	m, ok := measures[key]
	if !ok {
		return m, fmt.Errorf("%s is measured by nothing", key)
	}
	return m, nil
}

// written returns an expression's text, in which the limit of the texts is one dollar.
func written(expression any) string {
	if text, ok := expression.(string); ok {
		return text
	}
	return strings.ReplaceAll(fmt.Sprint(object(expression)["Fn::Sub"]), "${TextSpendLimit}", "1")
}

// goesOff reports whether the alarm goes off when each period has this datapoint, as CloudWatch decides it.
func (a alarm) goesOff(datapoint float64) bool {
	if a.EvaluationPeriods < 1 || a.DatapointsToAlarm > a.EvaluationPeriods {
		return false
	}
	if datapoint == missing {
		return a.TreatMissingData == "breaching"
	}
	switch a.ComparisonOperator {
	case "GreaterThanThreshold":
		return datapoint > a.Threshold
	case "GreaterThanOrEqualToThreshold":
		return datapoint >= a.Threshold
	case "LessThanThreshold":
		return datapoint < a.Threshold
	}
	return false
}
