// Package apigw stands between API Gateway's HTTP API (payload 2.0) and typed
// handlers. It knows nothing of the domain: a handler is decoded values in, an
// Answer or an error out.
package apigw
