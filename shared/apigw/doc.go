// Package apigw stands between API Gateway's HTTP API (payload 2.0) and typed handlers. It knows nothing of the domain: a handler takes
// decoded values and returns an Answer or an error.
package apigw
