package apigw

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"carechat/shared/problem"
)

// cursorSum is how many bytes of the hash a cursor carries.
const cursorSum = 12

// Cursor seals a position in a list for whoever asked with this query (A7): it
// is refused to anybody else and for any other list. "" stays "".
func Cursor(position string, scope ...string) string {
	if position == "" {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(append(sum(position, scope), position...))
}

// Position opens a cursor; "" is the first page.
func Position(cursor string, scope ...string) (string, error) {
	if cursor == "" {
		return "", nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(raw) <= cursorSum || string(raw[:cursorSum]) != string(sum(string(raw[cursorSum:]), scope)) {
		return "", problem.New(problem.InvalidCursor)
	}
	return string(raw[cursorSum:]), nil
}

func sum(position string, scope []string) []byte {
	h := sha256.Sum256([]byte(strings.Join(append(scope, position), "\x00")))
	return h[:cursorSum]
}
