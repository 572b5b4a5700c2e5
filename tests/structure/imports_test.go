package structure

import (
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

// A rule says what the packages below a folder may import, apart from the standard library.
type rule struct {
	ours   []string // packages of this repository, or * for all in shared/
	others []string // modules or packages, with whatever is below them
}

const (
	sdk    = "github.com/aws/aws-sdk-go-v2"
	smithy = "github.com/aws/smithy-go"
)

// rules is the table of who may import what. auth returns the domain's Caller;
// login makes sessions, which belong to auth; notice decides from threads and
// profiles, and sends the links that login owes. chat knows owed, because a mailbox
// is part of how a member can be told, and owes its subscription.
var rules = map[string]rule{
	"shared/problem":   {},
	"shared/env":       {},
	"shared/gate":      {},
	"shared/id":        {others: []string{"github.com/oklog/ulid/v2"}},
	"shared/sdk":       {ours: in("shared", "env"), others: []string{sdk + "/aws"}},
	"shared/directory": {ours: in("shared", "problem", "chat")},
	"shared/owed":      {},
	"shared/sweep":     {ours: in("shared", "chat", "problem", "wide")},
	"shared/chat":      {ours: in("shared", "problem", "owed"), others: []string{"github.com/rivo/uniseg"}},
	"shared/login":     {ours: in("shared", "problem", "chat", "auth", "env", "owed")},
	"shared/keyword":   {ours: in("shared", "problem", "chat")},
	"shared/notice":    {ours: in("shared", "problem", "chat", "auth", "login", "owed")},
	"shared/auth": {ours: in("shared", "problem", "chat", "env"),
		others: []string{"github.com/golang-jwt/jwt/v5", "github.com/MicahParks/jwkset", "github.com/MicahParks/keyfunc/v3", "golang.org/x/time/rate"}},
	"shared/table": {ours: in("shared", "chat", "directory", "auth", "login", "notice", "owed", "problem", "env", "sdk", "wide", "gate"),
		others: []string{sdk + "/aws", sdk + "/service/dynamodb", smithy}},
	"shared/invariants": {ours: in("shared", "chat", "auth", "login", "notice", "owed", "table"),
		others: []string{sdk + "/service/dynamodb/types"}},
	"shared/sns": {ours: in("shared", "chat", "problem", "env", "sdk"),
		others: []string{sdk + "/aws", sdk + "/service/sns", smithy}},
	"shared/wide": {ours: in("shared", "env"), others: []string{"github.com/aws/aws-lambda-go/lambdacontext"}},
	"shared/apigw": {ours: in("shared", "problem", "env", "wide", "gate"),
		others: []string{"github.com/aws/aws-lambda-go/events", "github.com/go-json-experiment/json"}},
	"shared/api": {ours: in("shared", "chat", "directory", "problem")},
	"functions": {ours: []string{"*"},
		others: []string{"github.com/aws/aws-lambda-go/lambda", "github.com/aws/aws-lambda-go/events"}},
	"functions/pages/build": {others: []string{"github.com/evanw/esbuild"}}, // runs where the pages are built, never in a Lambda

	"local/child":     {},
	"local/calls":     {ours: in("local", "web")},
	"local/data":      {},
	"local/watch":     {},
	"local/web":       {},
	"local/provision": {others: []string{"golang.org/x/time/rate"}},
	"local/template":  {others: []string{"github.com/goccy/go-yaml"}},
	"local/lambda":    {ours: in("local", "child", "template", "web")},
	"local/gateway":   {ours: in("local", "lambda", "template"), others: []string{"github.com/aws/aws-lambda-go/events"}},
	"local/emulator":  {ours: []string{"local/child", "shared/table"}, others: []string{"github.com/go-json-experiment/json"}},
	"local/issuer":    {ours: in("local", "data", "web"), others: []string{"github.com/golang-jwt/jwt/v5"}},
	"local/sns":       {ours: in("local", "data", "template", "web"), others: []string{"github.com/aws/aws-lambda-go/events"}},
	"local/stream":    {ours: in("local", "data", "emulator", "lambda", "template")},
	"local/machine":   {ours: in("local", "calls", "data", "emulator", "gateway", "issuer", "lambda", "sns", "stream", "template")},
	"local":           {ours: in("local", "machine", "watch")},

	"deploy": {ours: []string{"deploy", "local/template"}, others: []string{"github.com/BurntSushi/toml"}}, // runs where `make deploy` does
}

// in returns the paths of packages in a folder.
func in(folder string, names ...string) []string {
	var all []string
	for _, name := range names {
		all = append(all, folder+"/"+name)
	}
	return all
}

// usedBy lists, for some packages, the only functions that may import them.
var usedBy = map[string][]string{
	"carechat/shared/login":      {"functions/session", "functions/notify"},
	"carechat/shared/directory":  {"functions/directory", "functions/operator"},
	"carechat/shared/invariants": {"functions/operator"},
}

func mayImport(function, imported string) bool {
	only, limited := usedBy[imported]
	return !limited || slices.Contains(only, function)
}

func TestImportsKeepTheRules(t *testing.T) {
	list := exec.Command("go", "list", "-e", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./deploy/...", "./shared/...", "./functions/...", "./local/...")
	list.Dir = root
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		importer := strings.TrimPrefix(words[0], "carechat/")
		r, ok := ruleFor(importer)
		if !ok {
			t.Errorf("%s: no rule says what it may import", importer)
			continue
		}
		for _, imported := range words[1:] {
			if strings.HasPrefix(importer, "functions/") && !mayImport(importer, imported) {
				t.Errorf("%s may not import %s: usedBy", importer, imported)
			}
			if !r.allows(importer, imported) {
				t.Errorf("%s may not import %s", importer, imported)
			}
		}
	}
}

// ruleFor returns the rule of the nearest folder.
func ruleFor(importer string) (rule, bool) {
	for below := importer; below != "."; below = path.Dir(below) {
		if r, ok := rules[below]; ok {
			return r, true
		}
	}
	return rule{}, false
}

func (r rule) allows(importer, imported string) bool {
	if own, ok := strings.CutPrefix(imported, "carechat/"); ok {
		if own == importer || strings.HasPrefix(own, importer+"/") {
			return true // its own inner package
		}
		return slices.Contains(r.ours, own) || slices.Contains(r.ours, "*") && strings.HasPrefix(own, "shared/")
	}
	if standard := !strings.Contains(strings.Split(imported, "/")[0], "."); standard {
		return true
	}
	return slices.ContainsFunc(r.others, func(below string) bool {
		return imported == below || strings.HasPrefix(imported, below+"/")
	})
}
