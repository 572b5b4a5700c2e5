package structure

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"carechat/tests/support/module"
)

// figures are sentences of pages with numbers that the code decides. {shared/login.maxWrong}
// is a constant, {ApiRate} a parameter of template.yaml; the others are in facts.
var figures = map[string][]string{
	"README.md": {"You need Go {go} and"},
	"docs/api.md": {
		"the stack takes `ProvisioningRate` ({ProvisioningRate}) of each kind",
		"a change is seen by everybody after at most {SettingsSeconds} seconds",
	},
	"docs/local.md":      {"how long functions may keep an organization's settings, {SettingsSeconds} by default"},
	"docs/operations.md": {"When `notify` fails {tries of notify} times on a stream record", "`publish` tries a record for {hours of publish} hours"},
	"docs/table.md":      {"then the Chats screen: {reads of notify} units"},
	"docs/security.md": {
		"have {shared/login.sentPerSpell} links sent in {shared/login.spell} minutes and {shared/login.sentPerDay} a day to it",
		"end that link, with {shared/login.maxWrong} wrong dates",
		"with {shared/login.maxPerDay} wrong dates in a day, or for good with {shared/login.maxSinceLogIn}",
		"ask for {shared/login.asksPerHour} links an hour",
		"send a member {shared/login.namedPerSpell} links in {shared/login.spell} minutes and {shared/login.namedPerDay} a day",
		"every route, {callers} callers",
	},
}

// TestPagesGiveTheFiguresOfTheCode holds what a page says in numbers to the code.
func TestPagesGiveTheFiguresOfTheCode(t *testing.T) {
	known := facts(t)
	for page, sentences := range figures {
		text := strings.Join(strings.Fields(string(module.Read(t, page))), " ")
		for _, sentence := range sentences {
			if want := filled(t, sentence, known); !strings.Contains(text, want) {
				t.Errorf("%s does not say %q", page, want)
			}
		}
	}
}

var blank = regexp.MustCompile(`\{[^}]*\}`)

func filled(t *testing.T, sentence string, known map[string]string) string {
	return blank.ReplaceAllStringFunc(sentence, func(name string) string {
		name = strings.Trim(name, "{}")
		if value, ok := known[name]; ok {
			return value
		}
		folder, constant, _ := strings.Cut(name, ".")
		return constantOf(t, folder, constant)
	})
}

// facts are numbers that are no constant of a package, by name.
func facts(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for name, p := range load(t).Parameters {
		all[name] = fmt.Sprint(p.Default)
	}
	for name, f := range load(t).Functions(t) {
		for _, e := range f.Events {
			if e.Type == "DynamoDB" {
				all["tries of "+name] = inWords(e.Properties.MaximumRetryAttempts + 1) // the first one is no retry
				all["hours of "+name] = inWords(e.Properties.MaximumRecordAgeInSeconds / 3600)
			}
		}
	}
	all["go"] = regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(string(module.Read(t, "go.mod")))[1]
	head := regexp.MustCompile(`(?m)^route +target +(.*)$`).FindStringSubmatch(string(module.Read(t, "tests/access/testdata/matrix.txt")))[1]
	row := regexp.MustCompile(`(?m)^\| notify a member of one thread by text \|.*\| (\d+) RCU`).FindStringSubmatch(string(module.Read(t, "docs/table.md")))[1]
	reads, err := strconv.Atoi(row)
	if err != nil {
		t.Fatal(err)
	}
	all["reads of notify"] = inWords(reads)
	all["callers"] = inWords(len(strings.Fields(head)))
	return all
}

// constantOf returns the number of a constant; of 15 * time.Minute it is 15.
func constantOf(t *testing.T, folder, name string) (value string) {
	t.Helper()
	for _, file := range goFiles(t, folder) {
		ast.Inspect(file.syntax, func(n ast.Node) bool {
			if spec, ok := n.(*ast.ValueSpec); ok && len(spec.Values) == 1 && spec.Names[0].Name == name {
				ast.Inspect(spec.Values[0], func(n ast.Node) bool {
					if literal, ok := n.(*ast.BasicLit); ok && value == "" {
						value = literal.Value
					}
					return true
				})
			}
			return true
		})
	}
	number, err := strconv.Atoi(value)
	if err != nil {
		t.Fatalf("%s has no number %s: %v", folder, name, err)
	}
	return inWords(number)
}

// inWords spells small numbers, as the pages do.
func inWords(n int) string {
	words := []string{"none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"}
	if n < len(words) {
		return words[n]
	}
	return strconv.Itoa(n)
}

// TestEveryFieldOfAnOrganizationsFileIsExplained holds docs/organization.md to its example.
func TestEveryFieldOfAnOrganizationsFileIsExplained(t *testing.T) {
	var file map[string]map[string]any
	if err := json.Unmarshal(module.Read(t, "docs/examples/organization.json"), &file); err != nil {
		t.Fatal(err)
	}
	page := string(module.Read(t, "docs/organization.md"))
	for name, value := range file["putOrganization"] {
		names := []string{name}
		if fields, ok := value.(map[string]any); ok && name != "requestIntro" && name != "emergency" {
			names = nil
			for field := range fields {
				names = append(names, name+"."+field)
			}
		}
		for _, each := range names {
			if !strings.Contains(page, "`"+each+"`") && !strings.Contains(page, "`putOrganization."+each+"`") {
				t.Errorf("docs/organization.md does not say what %s means", each)
			}
		}
	}
}
