// Command directory takes what the platform provisions: the organization's settings,
// its programs, reasons, departments and people, and who is enrolled in what. Care managers
// set who covers them.
package main

import (
	_ "time/tzdata" // to check time zones; a Lambda has no list of its own

	"github.com/aws/aws-lambda-go/lambda"

	"carechat/shared/api"
	"carechat/shared/apigw"
	"carechat/shared/auth"
	"carechat/shared/chat"
	"carechat/shared/directory"
	"carechat/shared/table"
)

func main() {
	t := table.Open()
	h := handlers{&directory.Service{Store: t, Now: chat.Clock}}
	lambda.Start(&apigw.Function[chat.Caller]{
		Name: "directory", Authenticate: auth.Open(t).Caller, Describe: api.Describe(chat.Clock), Meter: table.Meter,
		Routes: h.routes(),
	})
}

type handlers struct{ directory *directory.Service }

func (h handlers) routes() apigw.Routes[chat.Caller] {
	return apigw.Routes[chat.Caller]{
		"GET /v1/organization":                                    apigw.Handle(h.organization),
		"PUT /v1/organization":                                    apigw.Handle(h.putOrganization),
		"GET /v1/programs":                                        h.entries(directory.Programs),
		"GET /v1/programs/{id}":                                   apigw.Handle(h.program),
		"PUT /v1/programs/{id}":                                   apigw.Handle(h.putProgram),
		"GET /v1/reasons":                                         h.entries(directory.Reasons),
		"GET /v1/reasons/{id}":                                    apigw.Handle(h.reason),
		"PUT /v1/reasons/{id}":                                    apigw.Handle(h.putReason),
		"GET /v1/departments":                                     h.entries(directory.Departments),
		"GET /v1/departments/{id}":                                apigw.Handle(h.department),
		"PUT /v1/departments/{id}":                                apigw.Handle(h.putDepartment),
		"GET /v1/care-managers":                                   h.entries(directory.CareManagers),
		"GET /v1/care-managers/{careManagerId}/coverages":         apigw.Handle(h.coverages),
		"PUT /v1/care-managers/{careManagerId}/coverages/{id}":    apigw.Handle(h.putCoverage),
		"DELETE /v1/care-managers/{careManagerId}/coverages/{id}": apigw.Handle(h.endCoverage),
		"GET /v1/care-managers/{id}":                              apigw.Handle(h.careManager),
		"PUT /v1/care-managers/{id}":                              apigw.Handle(h.putCareManager),
		"GET /v1/members":                                         apigw.Handle(h.members),
		"GET /v1/members/{memberId}":                              apigw.Handle(h.member),
		"PUT /v1/members/{memberId}":                              apigw.Handle(h.putMember),
		"GET /v1/members/{memberId}/enrollments":                  apigw.Handle(h.enrollments),
		"GET /v1/members/{memberId}/enrollments/{programId}":      apigw.Handle(h.enrollment),
		"PUT /v1/members/{memberId}/enrollments/{programId}":      apigw.Handle(h.putEnrollment),
	}
}
