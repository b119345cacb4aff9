package reference

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// damages are what a value may be replaced by, fresh each time: a later damage
// may walk into an earlier one.
func damages() []any {
	return []any{nil, true, "", "x", json.Number("0"), json.Number("-1"), json.Number("1"), json.Number("2"), json.Number("0.5"),
		json.Number("1e308"), json.Number("-1e308"), json.Number("1e-320"), json.Number("1e999"), json.Number("4096"), json.Number("9999999999999999999"),
		[]any{}, []any{json.Number("1")}, []any{[]any{}}, object{}, object{"A": nil}}
}

// TestDamagedFilesNeverPanic replaces one to three values anywhere in a file.
// Either the loader says in one line what is wrong, or the file can be
// compared. Bytes at random (FuzzParse) rarely get that deep.
func TestDamagedFilesNeverPanic(t *testing.T) {
	var rejected, accepted int
	rapid.Check(t, func(t *rapid.T) {
		d := open(t, rapid.SampledFrom(Files()).Draw(t, "file"))
		for range rapid.IntRange(1, 3).Draw(t, "damages") {
			d.damage(t)
		}
		r := &reader{name: d.name}
		file := load(node{reader: r, value: d.top})
		err := r.err
		if err == nil {
			accepted++
			_, err = Check(file, few)
		} else {
			rejected++
		}
		if err != nil {
			require.True(t, strings.HasPrefix(err.Error(), "file "+d.name+": "), "%v", err)
			require.NotContains(t, err.Error(), "\n")
		}
	})
	require.Positive(t, rejected, "the case was not exercised")
	require.Positive(t, accepted, "the case was not exercised")
}

// damage replaces the value at the end of a random walk down the document.
func (d *document) damage(t *rapid.T) {
	put, value := func(v any) { d.top = v }, d.top
	for rapid.IntRange(0, 9).Draw(t, "deeper") > 0 {
		switch v := value.(type) {
		case []any:
			if len(v) == 0 {
				put(drawDamage(t))
				return
			}
			at := rapid.IntRange(0, len(v)-1).Draw(t, "entry")
			put, value = func(x any) { v[at] = x }, v[at]
		case map[string]any:
			if len(v) == 0 {
				put(drawDamage(t))
				return
			}
			key := rapid.SampledFrom(sortedKeys(v)).Draw(t, "field")
			put, value = func(x any) { v[key] = x }, v[key]
		}
	}
	put(drawDamage(t))
}

func drawDamage(t *rapid.T) any {
	all := damages()
	return all[rapid.IntRange(0, len(all)-1).Draw(t, "value")]
}
