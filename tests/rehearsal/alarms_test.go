package rehearsal

import (
	"encoding/json"
	"fmt"
)

// alarm is what decides whether an alarm goes off.
type alarm struct {
	Namespace, MetricName, Statistic, ExtendedStatistic, ComparisonOperator, TreatMissingData string
	Period, EvaluationPeriods, DatapointsToAlarm                                              int
	Threshold                                                                                 float64
	AlarmActions, OKActions                                                                   any
	Metrics                                                                                   []struct {
		MetricStat *struct {
			Metric struct{ Namespace, MetricName string }
			Period int
			Stat   string
		}
	}
}

// measure is what a metric says in a period: when all is well, and when what the alarm is about happens. missing
// stands for no data at all, which is what a function that nobody calls leaves.
type measure struct{ quiet, failing float64 }

const missing = -1

// measures are the datapoints that AWS sends, by metric and, where that matters, the period in seconds.
var measures = map[string]measure{
	"AWS/ApiGateway 5xx Sum":                                     {5, 6},
	"AWS/Lambda Errors Sum":                                      {missing, 1},
	"AWS/Lambda AsyncEventsReceived Sum 300":                     {5, missing},
	"AWS/Lambda AsyncEventsDropped Sum 300":                      {2, 5},
	"AWS/Lambda IteratorAge Maximum":                             {missing, 61000},
	"AWS/SQS ApproximateNumberOfMessagesVisible Maximum":         {0, 1},
	"AWS/SNS SMSMonthToDateSpentUSD Maximum, % of a limit of 1$": {60, 70},
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
		m, known := a.measure()
		switch {
		case !known:
			found = append(found, fmt.Sprintf("%s: %s is measured by nothing", id, a.metric()))
		case !a.goesOff(m.failing):
			found = append(found, id+" cannot go off")
		case a.goesOff(m.quiet):
			found = append(found, id+" goes off when all is well")
		}
		if text(a.AlarmActions) != `{"Fn::If":["HasAlarmEmail",[{"Ref":"AlarmTopic"}],[]]}` || text(a.OKActions) != text(a.AlarmActions) {
			found = append(found, id+" tells nobody that it goes off, or that it is over")
		}
	}
	return found
}

func (a alarm) metric() string {
	if len(a.Metrics) > 0 && a.Metrics[0].MetricStat != nil {
		m := a.Metrics[0].MetricStat
		return fmt.Sprintf("%s %s %s, %% of a limit of 1$", m.Metric.Namespace, m.Metric.MetricName, m.Stat)
	}
	return fmt.Sprintf("%s %s %s", a.Namespace, a.MetricName, a.Statistic+a.ExtendedStatistic)
}

func (a alarm) measure() (measure, bool) {
	if m, ok := measures[fmt.Sprintf("%s %d", a.metric(), a.Period)]; ok {
		return m, true
	}
	m, ok := measures[a.metric()]
	return m, ok
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
