// Package data keeps what must outlive the machine.
package data

import (
	"encoding/json"
	"os"
	"path/filepath"
)

// Folder is where the machine keeps its data. The zero value keeps nothing.
type Folder struct{ path string }

// Open returns the folder at path, which it makes if it does not exist; "" is
// the folder that keeps nothing.
func Open(path string) (Folder, error) {
	if path == "" {
		return Folder{}, nil
	}
	return Folder{path}, os.MkdirAll(path, 0o700)
}

// File returns the file with that name; in a folder that keeps nothing, File("").
func (f Folder) File(name string) File {
	if f.path == "" {
		return ""
	}
	return File(filepath.Join(f.path, name))
}

// File is the path of a file. The empty path keeps nothing.
type File string

// Load decodes the file's JSON to v. A file that does not exist or is damaged
// leaves v as it is.
func (f File) Load(v any) {
	if body, err := os.ReadFile(string(f)); err == nil {
		_ = json.Unmarshal(body, v)
	}
}

// Save replaces the file by v as JSON, whole or not at all.
func (f File) Save(v any) error {
	if f == "" {
		return nil
	}
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	unfinished := string(f) + ".new"
	if err := os.WriteFile(unfinished, body, 0o600); err != nil {
		return err
	}
	return os.Rename(unfinished, string(f))
}
