package ndarray

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"causalgrad/theory/userfile"
)

// Named is an array of an archive under its name, without ".npy".
type Named struct {
	Name string
	Array
}

// Bounds on an archive: MaxMembers arrays, and MaxUnpacked bytes of all of them
// together as they are in the file; as numbers they are at most MaxElements.
const (
	MaxMembers        = 4096
	MaxUnpacked int64 = 2 << 30
)

// ReadNPZ reads NumPy's archive of arrays, compressed or not, in the order of
// the file. Two arrays of one name, a member that is no array and an archive
// above the bounds are an error; so is damage, which its checksums show.
func ReadNPZ(data []byte) ([]Named, error) {
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("not a readable .npz file: %w", err)
	}
	if n := len(r.File); n > MaxMembers {
		return nil, fmt.Errorf("an archive of %d members, want at most %d", n, MaxMembers)
	}
	seen := map[string]bool{} // only looked up
	var list []Named
	left, total := MaxUnpacked, 0
	for _, f := range r.File {
		name := strings.TrimSuffix(f.Name, ".npy")
		if seen[name] {
			return nil, fmt.Errorf("tensor %q: the file has two of that name", userfile.Printable(name))
		}
		seen[name] = true
		member, err := unpack(f, left)
		if err != nil {
			return nil, fmt.Errorf("tensor %q: not readable: %w", userfile.Printable(name), err)
		}
		left -= int64(len(member))
		a, err := ReadNPY(member)
		if err != nil {
			return nil, fmt.Errorf("tensor %q: %w", userfile.Printable(name), err)
		}
		if total += len(a.Data); total > MaxElements {
			return nil, fmt.Errorf("the archive has more than %d numbers", MaxElements)
		}
		list = append(list, Named{name, a})
	}
	return list, nil
}

// IsArray tells by a file's first bytes whether Read reads it.
func IsArray(data []byte) bool {
	return bytes.HasPrefix(data, []byte("\x93NUMPY")) ||
		bytes.HasPrefix(data, []byte("PK\x03\x04")) && userfile.Foreign(data) == userfile.Archive
}

// Read reads a .npy file or an .npz archive of one array.
func Read(data []byte) (Array, error) {
	if !bytes.HasPrefix(data, []byte("PK\x03\x04")) {
		return ReadNPY(data)
	}
	list, err := ReadNPZ(data)
	if err != nil {
		return Array{}, err
	}
	if len(list) != 1 {
		var names []string
		for _, a := range list {
			names = append(names, a.Name)
		}
		return Array{}, fmt.Errorf("an archive of %d arrays (%s), want one: np.save(FILE, ARRAY)",
			len(list), userfile.Printable(strings.Join(names, ", ")))
	}
	return list[0].Array, nil
}

var errUnpacked = fmt.Errorf("the archive unpacks to more than %d bytes", MaxUnpacked)

// unpack reads a member whole; the archive's checksum is verified on the way.
func unpack(f *zip.File, left int64) ([]byte, error) {
	if f.UncompressedSize64 > uint64(left) {
		return nil, errUnpacked
	}
	member, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = member.Close() }() // nothing was written
	data, err := io.ReadAll(io.LimitReader(member, left+1))
	if err == nil && int64(len(data)) > left {
		err = errUnpacked
	}
	if err != nil && errors.Is(err, zip.ErrChecksum) {
		err = errors.New("damaged: its checksum is wrong")
	}
	return data, err
}
