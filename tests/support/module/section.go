package module

import (
	"os"
	"strings"
	"testing"
)

// WithSection returns a page of docs with another section between the marks
// <!-- name --> and <!-- /name -->.
func WithSection(t testing.TB, page, name, section string) string {
	t.Helper()
	from, to := "<!-- "+name+" -->\n", "<!-- /"+name+" -->"
	before, rest, begins := strings.Cut(page, from)
	_, after, ends := strings.Cut(rest, to)
	if !begins || !ends {
		t.Fatalf("no section between %q and %q", from, to)
	}
	return before + from + section + to + after
}

// WriteSection writes a section of a page of docs.
func WriteSection(t testing.TB, file, name, section string) {
	t.Helper()
	page := WithSection(t, string(Read(t, file)), name, section)
	if err := os.WriteFile(Path(file), []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
}
