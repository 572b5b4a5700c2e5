package apigw

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"carechat/shared/problem"
)

// cursorSum is the number of bytes of the hash in a cursor.
const cursorSum = 12

// Cursor seals a position in a list for the scope, which names the caller and the query (A7). Position refuses it for any other. The
// cursor of "" is "".
func Cursor(position string, scope ...string) string {
	if position == "" {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(append(sum(position, scope), position...))
}

// Position returns the position in a cursor, "" for the first page. It returns the problem invalid-cursor if the cursor is damaged or was
// made for another scope.
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
