package deploy

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
)

// Export writes everything of a member as JSON Lines, page by page. The last line has the total of the others and the SHA-256 of
// their bytes.
func Export(invoke Invoke, command, organization, member string, to io.Writer) error {
	sum, total := sha256.New(), 0
	both := io.MultiWriter(to, sum)
	for after := ""; ; {
		asked := map[string]any{"organization": organization, "member": member}
		if after != "" {
			asked["after"] = after
		}
		var page struct {
			Rows  []json.RawMessage
			After string
		}
		if err := ask(invoke, command, asked, &page); err != nil {
			return err
		}
		for _, row := range page.Rows {
			if _, err := both.Write(append(bytes.TrimSpace(row), '\n')); err != nil {
				return err
			}
		}
		total += len(page.Rows)
		if after = page.After; after == "" {
			break
		}
	}
	_, err := fmt.Fprintf(to, `{"total":%d,"sha256":%q}`+"\n", total, hex.EncodeToString(sum.Sum(nil)))
	return err
}
