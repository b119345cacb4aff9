package runs

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
)

// Difference is one value in which two records differ.
type Difference struct {
	Path         string  // as in ood[2].loss.value
	Golden, Now  string  // JSON text; "absent" where one side lacks it
	Relative     float64 // |now - golden| / |golden|; NaN unless both are numbers
	StandardErrs float64 // (now - golden) in the golden's own standard errors; NaN where it has none
}

// Compare lists the differences of two encoded records in the order of their
// paths. Numbers are equal only where their bits are.
func Compare(golden, now []byte) ([]Difference, error) {
	a, err := decode(golden)
	if err != nil {
		return nil, fmt.Errorf("golden: %w", err)
	}
	b, err := decode(now)
	if err != nil {
		return nil, fmt.Errorf("now: %w", err)
	}
	var c comparison
	c.walk("", a, b, math.NaN())
	return c, nil
}

func decode(data []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if d.More() {
		return nil, errors.New("more than one JSON value")
	}
	return v, nil
}

type comparison []Difference

// walk compares two JSON values; stderr is the standard error that the golden
// record gives for the value at this path.
func (c *comparison) walk(path string, a, b any, stderr float64) {
	switch a := a.(type) {
	case map[string]any:
		if b, ok := b.(map[string]any); ok {
			c.objects(path, a, b)
			return
		}
	case []any:
		if b, ok := b.([]any); ok {
			for i := range max(len(a), len(b)) {
				c.walk(fmt.Sprintf("%s[%d]", path, i), element(a, i), element(b, i), math.NaN())
			}
			return
		}
	case json.Number:
		if b, ok := b.(json.Number); ok {
			c.numbers(path, a, b, stderr)
			return
		}
	}
	if x, y := text(a), text(b); x != y {
		*c = append(*c, Difference{path, x, y, math.NaN(), math.NaN()})
	}
}

func (c *comparison) objects(path string, a, b map[string]any) {
	names := []string{}
	for name := range a {
		names = append(names, name)
	}
	for name := range b {
		if _, both := a[name]; !both {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	stderr := math.NaN()
	if n, ok := a["stderr"].(json.Number); ok {
		stderr, _ = n.Float64()
	}
	for _, name := range names {
		own := math.NaN()
		if name == "value" {
			own = stderr
		}
		c.walk(joined(path, name), member(a, name), member(b, name), own)
	}
}

// joined is the path of an object's member.
func joined(path, name string) string { return strings.TrimPrefix(path+"."+name, ".") }

func (c *comparison) numbers(path string, a, b json.Number, stderr float64) {
	x, errX := strconv.ParseFloat(string(a), 64)
	y, errY := strconv.ParseFloat(string(b), 64)
	if a == b || errX == nil && errY == nil && math.Float64bits(x) == math.Float64bits(y) {
		return
	}
	*c = append(*c, Difference{path, string(a), string(b), math.Abs(y-x) / math.Abs(x), (y - x) / stderr})
}

// absent stands for a value that one side lacks.
type absent struct{}

func member(m map[string]any, name string) any {
	if v, ok := m[name]; ok {
		return v
	}
	return absent{}
}

func element(list []any, i int) any {
	if i < len(list) {
		return list[i]
	}
	return absent{}
}

func text(v any) string {
	if _, ok := v.(absent); ok {
		return "absent"
	}
	data, err := json.Marshal(v)
	if err != nil {
		return err.Error() // decoded values always marshal
	}
	if len(data) > longest {
		return string(data[:longest]) + "..."
	}
	return string(data)
}

// longest is how much of a value that one side lacks is printed, in bytes.
const longest = 40

// shown is how many differences Text prints before it counts the rest.
const shown = 20

// Text prints differences as an aligned table, the first ones of many.
func Text(differences []Difference) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "value\tgolden\tnow\trelative\tstandard errors")
	for _, d := range differences[:min(shown, len(differences))] {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", d.Path, d.Golden, d.Now, number(d.Relative), number(d.StandardErrs))
	}
	_ = w.Flush() // a strings.Builder takes everything
	if len(differences) > shown {
		fmt.Fprintf(&b, "and %d more\n", len(differences)-shown)
	}
	return b.String()
}

func number(v float64) string {
	if math.IsNaN(v) {
		return "-"
	}
	return strconv.FormatFloat(v, 'g', 2, 64)
}
