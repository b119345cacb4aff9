package experiment

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"causalgrad/impl/durable"

	"codeberg.org/sbinet/npyio"
)

// Store keeps records in a folder, one JSON file each, named by the spec's id
// and the first hashDigits digits of its hash. It is append-only: a record is
// written once, whole, and never replaced; a second run of its spec must give
// the same bits. Several processes may share a store. Beside the records it
// has two folders: "weights" with the trained parameters (flat .npy files) and
// "unfinished" with checkpoints and locks.
type Store struct {
	folder string
	// Note is told, in one line, of files that are ignored or set aside, once
	// each; nil tells nobody. It may be called from several goroutines.
	Note func(line string)

	told sync.Map // lines that Note has heard
}

// hashDigits of a spec's hash are in its file names; the record holds the rest.
const hashDigits = 12

// ErrMismatch is a record whose bits differ from those that the store holds
// for the same spec: the program changed, or the machine computes wrongly.
var ErrMismatch = errors.New("the bits differ from the record in the store")

// OpenStore opens the store in a folder, makes the folder if need be and sweeps
// up after killed processes.
func OpenStore(folder string) (*Store, error) {
	s := &Store{folder: folder}
	for _, f := range []string{s.folder, s.unfinished(), filepath.Join(folder, "weights")} {
		if err := os.MkdirAll(f, 0o755); err != nil {
			return nil, fmt.Errorf("record store: %w", err)
		}
		durable.Sweep(f)
	}
	return s, nil
}

func (s *Store) unfinished() string { return filepath.Join(s.folder, "unfinished") }

// entry is where a store keeps what belongs to one spec.
type entry struct {
	hash                              string
	record, weights, checkpoint, lock string
}

func (s *Store) entry(spec Spec) (entry, error) {
	hash, err := spec.Hash()
	if err != nil {
		return entry{}, err
	}
	name := spec.ID + "-" + hash[:hashDigits]
	return entry{hash, filepath.Join(s.folder, name+".json"), filepath.Join(s.folder, "weights", name+".npy"),
		filepath.Join(s.unfinished(), name+".checkpoint"), filepath.Join(s.unfinished(), name+".lock")}, nil
}

func (s *Store) note(format string, a ...any) {
	line := fmt.Sprintf(format, a...)
	if _, heard := s.told.LoadOrStore(line, true); !heard && s.Note != nil {
		s.Note(line)
	}
}

// Get returns the record of a spec and whether there is one. A damaged or
// foreign file under its name is noted and counts as none.
func (s *Store) Get(spec Spec) (Record, bool, error) {
	e, err := s.entry(spec)
	if err != nil {
		return Record{}, false, err
	}
	r, err := readRecord(e.record, e.hash)
	switch {
	case err == nil:
		return r, true, nil
	case errors.Is(err, fs.ErrNotExist):
		return Record{}, false, nil
	case errors.As(err, new(*fs.PathError)):
		return Record{}, false, err
	}
	s.note("%v; treated as missing", err)
	return Record{}, false, nil
}

// Took is when the run behind the record of a spec, which there must be, began and
// ended: its file's time, and before that what it took. A run that was interrupted
// counts as if it had gone on without a break.
func (s *Store) Took(spec Spec) (start, end time.Time, _ error) {
	e, err := s.entry(spec)
	if err != nil {
		return start, end, err
	}
	r, err := readRecord(e.record, e.hash)
	if err != nil {
		return start, end, err
	}
	info, err := os.Stat(e.record)
	if err != nil {
		return start, end, err
	}
	end = info.ModTime()
	return end.Add(-time.Duration(r.Provenance.WallSeconds * float64(time.Second))), end, nil
}

// readRecord reads a record's file, whose spec must have the given hash.
func readRecord(name, hash string) (Record, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return Record{}, err
	}
	r, err := DecodeRecord(data)
	if err != nil {
		return Record{}, fmt.Errorf("record %s: %w", name, err)
	}
	own, err := r.Spec.Hash()
	if err != nil {
		return Record{}, fmt.Errorf("record %s: %w", name, err)
	}
	if own != hash {
		return Record{}, fmt.Errorf("record %s: holds spec %s, want %s", name, own, hash)
	}
	return r, nil
}

// Put adds a record with its trained parameters. Where the store has a record
// of the spec, that one stays, and ErrMismatch is returned unless both agree
// bit for bit. A damaged file under the record's name is set aside, not lost.
func (s *Store) Put(r Record, params []float64) error {
	e, err := s.entry(r.Spec)
	if err != nil {
		return err
	}
	data, err := EncodeRecord(r)
	if err != nil {
		return err
	}
	for {
		old, err := readRecord(e.record, e.hash)
		switch {
		case err == nil:
			return compare(old, r, e.record)
		case errors.Is(err, fs.ErrNotExist):
		case errors.As(err, new(*fs.PathError)):
			return err
		default:
			if err := s.setAside(e); err != nil {
				return err
			}
			continue
		}
		if err := writeWeights(e.weights, params); err != nil {
			return err
		}
		// Another process may have been faster: then its record is compared.
		if err := durable.CreateFile(e.record, data); !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
}

func compare(old, r Record, name string) error {
	same, err := sameBits(old, r)
	if err != nil {
		return err
	}
	if !same {
		return fmt.Errorf("record %s of %q (%s, now %s): %w", name, r.Spec.ID, old.Provenance.Program, r.Provenance.Program, ErrMismatch)
	}
	return nil
}

// setAside renames a damaged file out of the way, to a name that is free.
// Where another process has put an intact one there in the meantime, that one
// goes back.
func (s *Store) setAside(e entry) error {
	aside, err := reserve(e.record + ".damaged")
	if err != nil {
		return err
	}
	if err := os.Rename(e.record, aside); err != nil {
		err = errors.Join(err, os.Remove(aside))
		if errors.Is(err, fs.ErrNotExist) {
			return nil // another process was faster
		}
		return err
	}
	if _, err := readRecord(aside, e.hash); err == nil {
		if err := os.Link(aside, e.record); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
		return os.Remove(aside)
	}
	s.note("record %s: set aside as %s", e.record, filepath.Base(aside))
	return nil
}

// reserve makes an empty file of that name or, where there is one, of the first
// free one that ends in -2, -3 and so on.
func reserve(name string) (string, error) {
	free := name
	for n := 2; ; n++ {
		f, err := os.OpenFile(free, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
		if err == nil {
			return free, f.Close()
		}
		if !errors.Is(err, fs.ErrExist) {
			return "", err
		}
		free = fmt.Sprintf("%s-%d", name, n)
	}
}

func writeWeights(name string, params []float64) error {
	var buffer bytes.Buffer
	if err := npyio.Write(&buffer, params); err != nil {
		return fmt.Errorf("weights %s: %w", name, err)
	}
	return durable.WriteFile(name, buffer.Bytes())
}

// decodeWeights reads the numbers of a flat .npy file: what stands behind the
// line of its header. The header itself is not believed (npyio's reader panics
// on a damaged one): the numbers' hash decides.
func decodeWeights(data []byte) ([]float64, error) {
	header, numbers, found := bytes.Cut(data, []byte("\n"))
	if !found || !bytes.HasPrefix(header, []byte("\x93NUMPY")) || len(numbers)%8 != 0 {
		return nil, errors.New("damaged: not a flat .npy file")
	}
	params := make([]float64, len(numbers)/8)
	for i := range params {
		params[i] = math.Float64frombits(binary.LittleEndian.Uint64(numbers[8*i:]))
	}
	return params, nil
}

// Weights returns the trained parameters of a record, in the order of its
// model's layout; they must have the hash that the record names.
func (s *Store) Weights(r Record) ([]float64, error) {
	e, err := s.entry(r.Spec)
	if err != nil {
		return nil, err
	}
	data, err := os.ReadFile(e.weights)
	if err != nil {
		return nil, fmt.Errorf("weights of %q: %w", r.Spec.ID, err)
	}
	params, err := decodeWeights(data)
	if err != nil {
		return nil, fmt.Errorf("weights %s: %w", e.weights, err)
	}
	if got := HashParams(params); got != r.WeightsHash {
		return nil, fmt.Errorf("weights %s: SHA-256 %.12s, but the record says %.12s", e.weights, got, r.WeightsHash)
	}
	return params, nil
}

// Records returns all intact records, in the order of their file names, and
// notes files that look like records and are none.
func (s *Store) Records() ([]Record, error) {
	names, err := filepath.Glob(filepath.Join(escapeGlob(s.folder), "*.json")) // sorted
	if err != nil {
		return nil, err
	}
	var records []Record
	for _, name := range names {
		r, err := s.readAny(name)
		if err != nil {
			s.note("%v; ignored", err)
			continue
		}
		records = append(records, r)
	}
	return records, nil
}

// readAny reads a record whose spec is not known beforehand: its name must be
// that of the spec inside.
func (s *Store) readAny(name string) (Record, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return Record{}, err
	}
	r, err := DecodeRecord(data)
	if err != nil {
		return Record{}, fmt.Errorf("record %s: %w", name, err)
	}
	e, err := s.entry(r.Spec)
	if err != nil {
		return Record{}, err
	}
	if filepath.Base(e.record) != filepath.Base(name) {
		return Record{}, fmt.Errorf("record %s: its spec belongs to %s", name, filepath.Base(e.record))
	}
	return r, nil
}

func escapeGlob(folder string) string {
	return strings.NewReplacer(`*`, `\*`, `?`, `\?`, `[`, `\[`, `\`, `\\`).Replace(folder)
}
