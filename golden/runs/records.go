package runs

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"causalgrad/impl/experiment"
)

// ReadRecords reads every record of a record store's folder, strictly: a .json
// file that is damaged or does not carry its spec's name is an error. Nothing
// else in the folder is looked at.
func ReadRecords(folder fs.FS) ([]experiment.Record, error) {
	names, err := fs.Glob(folder, "*.json") // sorted
	if err != nil {
		return nil, err
	}
	var records []experiment.Record
	for _, name := range names {
		data, err := fs.ReadFile(folder, name)
		if err != nil {
			return nil, err
		}
		r, err := experiment.DecodeRecord(data)
		if err != nil {
			return nil, fmt.Errorf("golden run %s: %w", name, err)
		}
		hash, err := r.Spec.Hash()
		if err != nil {
			return nil, fmt.Errorf("golden run %s: %w", name, err)
		}
		if id, rest, ok := cutLast(strings.TrimSuffix(path.Base(name), ".json"), "-"); !ok || id != r.Spec.ID || rest == "" || !strings.HasPrefix(hash, rest) {
			return nil, fmt.Errorf("golden run %s: holds %s with hash %.12s", name, r.Spec.ID, hash)
		}
		records = append(records, r)
	}
	return records, nil
}

func cutLast(s, separator string) (before, after string, ok bool) {
	i := strings.LastIndex(s, separator)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(separator):], true
}
