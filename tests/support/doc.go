// Package support has no code. The packages below it are shared by the suites:
//
//	apiclient   calls the API over HTTP and checks each answer
//	contract    checks answers against shared/api/openapi.yaml
//	emulator    starts a DynamoDB emulator and makes tables in it
//	event       reads a function's event.json and its answer
//	fetch       makes plain HTTP requests
//	fixture     makes long threads for benchmarks and tests of load, and replays DynamoDB's answers
//	gsm         counts the septets of a text message
//	localaws    connects to the local machine's DynamoDB and SNS
//	module      finds the repository's files
//	tables      reads whole tables and checks them against the invariants
//	template    has template.yaml as the tests of the stack need it
//	town        makes an organization with its people, requests and threads
//	usecases    has every use case on one store
//	watch       runs a machine and checks it at its end
package support
