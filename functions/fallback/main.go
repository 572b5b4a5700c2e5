// Command fallback answers GET /v1/health. It answers any other unknown path or method under /v1 with a problem: 405 if the path
// exists, else 404.
package main

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-lambda-go/lambda"

	"carechat/shared/api"
	"carechat/shared/apigw"
	"carechat/shared/chat"
	"carechat/shared/problem"
)

func main() {
	lambda.Start(&apigw.Function[chat.Caller]{
		Name: "fallback",
		Routes: apigw.Routes[chat.Caller]{
			"GET /v1/health":   apigw.Raw[chat.Caller](health),
			"ANY /v1/{proxy+}": apigw.Raw[chat.Caller](nothing),
		},
	})
}

func health(context.Context, *apigw.Request) (apigw.Answer, error) {
	return apigw.Answer{Status: 200, Body: api.Health{Status: "ok", Version: release}}, nil
}

// release is the commit that was built. The linker sets it: see the Makefile.
var release = "local"

// nothing answers a path or a method that no route takes.
func nothing(_ context.Context, r *apigw.Request) (apigw.Answer, error) {
	methods := api.Methods(r.RawPath)
	if len(methods) == 0 || slices.Contains(methods, r.Method) {
		return apigw.Answer{}, problem.New(problem.NotFound)
	}
	return apigw.Answer{}, &problem.Problem{Code: problem.MethodNotAllowed, Allow: strings.Join(methods, ", ")}
}
