// Package watch runs a build whenever a source file is saved.
package watch

import (
	"context"
	"crypto/sha256"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Run looks at the files below the folders at each tick and calls build with
// those that have changed, until ctx ends. The content counts, not the time: if
// build itself writes below the folders, it is called once more, but not again.
func Run(ctx context.Context, ticks <-chan time.Time, folders []string, build func(saved []string)) {
	files := scan(folders, nil)
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks:
		}
		now := scan(folders, files)
		saved := differences(files, now)
		files = now
		if len(saved) > 0 {
			build(saved)
		}
	}
}

// file is what a scan remembers of a file.
type file struct {
	size  int64
	saved time.Time
	sum   [sha256.Size]byte
}

// scan returns the files below the folders. It reads those that look different
// from the last scan.
func scan(folders []string, last map[string]file) map[string]file {
	files := map[string]file{}
	for _, folder := range folders {
		_ = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.Name() == "node_modules" || strings.HasPrefix(entry.Name(), ".") && path != folder {
				if entry != nil && entry.IsDir() {
					return fs.SkipDir
				}
				return nil
			}
			about, err := entry.Info()
			if err != nil || !about.Mode().IsRegular() {
				return nil // it is gone again
			}
			f := file{about.Size(), about.ModTime(), last[path].sum}
			if before, known := last[path]; !known || before != f {
				body, _ := os.ReadFile(path)
				f.sum = sha256.Sum256(body)
			}
			files[path] = f
			return nil
		})
	}
	return files
}

func differences(before, after map[string]file) (paths []string) {
	for path, f := range after {
		if old, known := before[path]; !known || old.sum != f.sum {
			paths = append(paths, path)
		}
	}
	for path := range before {
		if _, exists := after[path]; !exists {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths
}
