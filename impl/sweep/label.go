package sweep

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"causalgrad/impl/experiment"
)

// Varied lists the fields, in a spec's order, that differ between the cells. The
// matrices behind priors differ with the priors and are not listed.
func Varied(cells []Cell) []string {
	var varied []string
	for i, name := range experiment.FieldNames() {
		for _, c := range cells {
			if name != "matrices" && !reflect.DeepEqual(field(c.Spec, i), field(cells[0].Spec, i)) {
				varied = append(varied, name)
				break
			}
		}
	}
	return varied
}

func field(s experiment.Spec, i int) any { return reflect.ValueOf(s).Field(i).Interface() }

// Value is a field of a spec as text: words as they are, the rest as JSON.
func Value(s experiment.Spec, name string) string {
	for i, known := range experiment.FieldNames() {
		if known != name {
			continue
		}
		v := field(s, i)
		if text, ok := v.(string); ok {
			return text
		}
		text, err := json.Marshal(v)
		if err != nil { // an infinite number: not valid, but shown in the error that says so
			return fmt.Sprint(v)
		}
		return string(text)
	}
	return ""
}

// Label is the given fields of a spec, "seed=1, length=20".
func Label(s experiment.Spec, fields []string) string {
	if len(fields) == 0 {
		return "the only one"
	}
	parts := make([]string, len(fields))
	for i, name := range fields {
		parts[i] = name + "=" + Value(s, name)
	}
	return strings.Join(parts, ", ")
}
