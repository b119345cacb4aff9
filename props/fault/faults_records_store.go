package fault

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"

	"causalgrad/impl/experiment"
	"causalgrad/props/implaws"
)

// storeFaults are mistakes in keeping and finding records.
func storeFaults() []Fault {
	return []Fault{
		patch("store-rounds", "numbers are written with nine digits", func(v *variant) {
			v.keep = func(own implaws.Archivist, folder string, r experiment.Record, params []float64) error {
				r.Final.Loss.Value = math.Round(r.Final.Loss.Value*1e9) / 1e9
				return own.Keep(folder, r, params)
			}
		}, "store-round-trip"),
		finds("store-believes-damage", "a record's checksum is not looked at", func(f implaws.Found, record, _ string) implaws.Found {
			if r, ok := lenient(record); ok && f.State == experiment.Damaged {
				return implaws.Found{Record: &r, State: experiment.Done}
			}
			return f
		}, "store-damage"),
		finds("store-believes-names", "a file's name alone says whose record it is", func(f implaws.Found, record, _ string) implaws.Found {
			data, err := os.ReadFile(record)
			if err != nil {
				return f
			}
			if r, err := experiment.DecodeRecord(data); err == nil {
				return implaws.Found{Record: &r, Weights: f.Weights, State: experiment.Done}
			}
			return f
		}, "store-foreign"),
		finds("store-weights-unchecked", "the weights' hash is not looked at", func(f implaws.Found, _, weights string) implaws.Found {
			if data, err := os.ReadFile(weights); err == nil && f.Record != nil {
				_, data, _ := strings.Cut(string(data), "\n")
				f.Weights = nil
				for ; len(data) >= 8; data = data[8:] {
					f.Weights = append(f.Weights, math.Float64frombits(binary.LittleEndian.Uint64([]byte(data[:8]))))
				}
			}
			return f
		}, "store-weights-damage"),
		patch("store-replaces", "a new record replaces the old one", func(v *variant) {
			v.keep = func(own implaws.Archivist, folder string, r experiment.Record, params []float64) error {
				record, _, err := filesOf(folder, r.Spec)
				if err != nil {
					return err
				}
				if err := os.Remove(record); err != nil && !errors.Is(err, fs.ErrNotExist) {
					return err
				}
				return own.Keep(folder, r, params)
			}
		}, "store-appends", "store-damage"),
		patch("store-leaves-notes", "a writer leaves its unfinished file behind", func(v *variant) {
			v.keep = func(own implaws.Archivist, folder string, r experiment.Record, params []float64) error {
				return errors.Join(own.Keep(folder, r, params), os.WriteFile(filepath.Join(folder, r.Spec.ID+".tmp"), nil, 0o600))
			}
		}, "store-writers"),
		patch("store-lists-damaged", "damaged records are listed as far as they can be read", func(v *variant) {
			v.findAll = func(own []experiment.Record, folder string) ([]experiment.Record, error) {
				files, err := os.ReadDir(folder)
				for _, file := range files {
					if r, ok := lenient(filepath.Join(folder, file.Name())); ok && len(own) == 0 {
						own = append(own, r)
					}
				}
				return own, err
			}
		}, "store-damage", "store-foreign"),
		patch("store-never-forgets", "a failure is noted for ever", func(v *variant) {
			v.failure = func(own implaws.Archivist, folder string, s experiment.Spec, text string) error {
				if text == "" {
					return nil
				}
				return own.NoteFailure(folder, s, text)
			}
		}, "store-failures"),
	}
}

// finds alters what is found, given the names of the record's and the weights' files.
func finds(id, description string, alter func(f implaws.Found, record, weights string) implaws.Found, expect ...string) Fault {
	return patch(id, description, func(v *variant) {
		v.find = func(own implaws.Found, folder string, s experiment.Spec) (implaws.Found, error) {
			record, weights, err := filesOf(folder, s)
			if err != nil {
				return own, err
			}
			return alter(own, record, weights), nil
		}
	}, expect...)
}

// filesOf names the files of a spec's record and weights.
func filesOf(folder string, s experiment.Spec) (record, weights string, err error) {
	hash, err := s.Hash()
	if err != nil {
		return "", "", err
	}
	name := s.ID + "-" + hash[:12]
	return filepath.Join(folder, name+".json"), filepath.Join(folder, "weights", name+".npy"), nil
}

// lenient reads a record's file without its checksum.
func lenient(name string) (experiment.Record, bool) {
	data, err := os.ReadFile(name)
	var r experiment.Record
	return r, err == nil && json.Unmarshal(data, &r) == nil && r.Spec.ID != ""
}
