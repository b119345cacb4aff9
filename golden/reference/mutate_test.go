package reference

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// document is a shipped file's JSON, to be changed and read again.
type document struct {
	name string
	top  any
}

func open(t require.TestingT, name string) *document {
	data, err := shipped.ReadFile(name)
	require.NoError(t, err)
	d := &document{name: name}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber() // keeps every digit
	require.NoError(t, decoder.Decode(&d.top))
	return d
}

func (d *document) bytes(t testing.TB) []byte {
	data, err := json.Marshal(d.top)
	require.NoError(t, err)
	return data
}

// change replaces the value at a path such as "points.0.f.2.1" by what f makes
// of it.
func (d *document) change(t testing.TB, path string, f func(any) any) {
	var walk func(value any, keys []string) any
	walk = func(value any, keys []string) any {
		if len(keys) == 0 {
			return f(value)
		}
		switch v := value.(type) {
		case map[string]any:
			require.Contains(t, v, keys[0], "%s", path)
			v[keys[0]] = walk(v[keys[0]], keys[1:])
		case []any:
			at, err := strconv.Atoi(keys[0])
			require.NoError(t, err, path)
			v[at] = walk(v[at], keys[1:])
		default:
			require.FailNow(t, "no such path", "%s", path)
		}
		return value
	}
	d.top = walk(d.top, strings.Split(path, "."))
}

// set replaces the value at a path.
func (d *document) set(t testing.TB, path string, value any) {
	d.change(t, path, func(any) any { return value })
}

// add adds to the number at a path.
func (d *document) add(t testing.TB, path string, by float64) {
	d.change(t, path, func(value any) any { return toFloat(t, value) + by })
}

func toFloat(t testing.TB, value any) float64 {
	number, ok := value.(json.Number)
	require.True(t, ok, "%v is no number", value)
	v, err := number.Float64()
	require.NoError(t, err)
	return v
}

// check parses the document as it stands and compares it.
func (d *document) check(t testing.TB, o Options) Report {
	file, err := Parse(d.name, d.bytes(t))
	require.NoError(t, err)
	report, err := Check(file, o)
	require.NoError(t, err)
	return report
}

// failed lists the quantities that do not pass.
func failed(r Report) []string {
	names := []string{}
	for _, row := range r.Failures() {
		names = append(names, row.Quantity)
	}
	return names
}

func sortedKeys(fields map[string]any) []string {
	return slices.Sorted(maps.Keys(fields))
}
