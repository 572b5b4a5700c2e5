// Package data keeps what must outlive the machine in one folder.
package data

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// Folder is where a machine keeps its data. The zero value keeps nothing.
type Folder struct {
	path string
	lock *os.File
}

// Open returns the folder at path for one machine alone, until Close. It makes
// the folder if necessary, hidden from git: it holds people's words and the key
// of the identity provider. The empty path is the folder that keeps nothing.
// The error says if another machine has the folder.
func Open(path string) (*Folder, error) {
	if path == "" {
		return &Folder{}, nil
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, err
	}
	if err := writeNew(filepath.Join(path, ".gitignore"), "*\n"); err != nil {
		return nil, err
	}
	lock, err := os.OpenFile(filepath.Join(path, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		lock.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			err = fmt.Errorf("another machine is running on the data in %s: end it, or use another DATA_DIR", path)
		}
		return nil, err
	}
	return &Folder{path, lock}, nil
}

// writeNew writes a file unless it exists.
func writeNew(path, text string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

// Path returns the folder's path, "" if it keeps nothing.
func (f *Folder) Path() string { return f.path }

// Close lets another machine have the folder.
func (f *Folder) Close() {
	if f.lock != nil {
		f.lock.Close()
	}
}

// File returns the file with that name; in a folder that keeps nothing, File("").
func (f *Folder) File(name string) File {
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
