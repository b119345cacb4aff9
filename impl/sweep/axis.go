package sweep

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"causalgrad/impl/experiment"
	"causalgrad/theory/suggest"

	"go.yaml.in/yaml/v3"
)

// axis is one dimension of a grid.
type axis struct {
	name   string
	values []value
}

// value is what a point of an axis sets.
type value struct {
	spec   experiment.Spec // holds the fields' values
	fields []int           // their places in experiment.Spec
}

// apply copies the value's fields into s. Lists are shared, and never written.
func (v value) apply(s *experiment.Spec) {
	from, to := reflect.ValueOf(&v.spec).Elem(), reflect.ValueOf(s).Elem()
	for _, i := range v.fields {
		to.Field(i).Set(from.Field(i))
	}
}

// parseAxes reads the mapping under "grid", in its order.
func parseAxes(base experiment.Spec, node *yaml.Node) ([]axis, error) {
	var axes []axis
	owner := map[int]string{}
	for i := 0; i < len(node.Content); i += 2 {
		key, list := node.Content[i], resolve(node.Content[i+1])
		if slices.ContainsFunc(axes, func(a axis) bool { return a.name == key.Value }) {
			return nil, fmt.Errorf("line %d: grid: %q: given twice", key.Line, key.Value)
		}
		if list.Kind != yaml.SequenceNode || len(list.Content) == 0 {
			return nil, fmt.Errorf("line %d: grid: field %q: want a list with at least one value", key.Line, key.Value)
		}
		a := axis{name: key.Value}
		for _, item := range list.Content {
			v, err := parseValue(base, key, resolve(item))
			if err != nil {
				return nil, fmt.Errorf("grid: %w", err)
			}
			for _, field := range v.fields {
				if other, taken := owner[field]; taken && other != a.name {
					return nil, fmt.Errorf("line %d: grid: %q and %q both set field %q", item.Line, other, a.name, experiment.FieldNames()[field])
				}
				owner[field] = a.name
			}
			a.values = append(a.values, v)
		}
		axes = append(axes, a)
	}
	return axes, nil
}

// parseValue reads one value of an axis: of the field that the axis names, or a
// mapping of fields.
func parseValue(base experiment.Spec, key, item *yaml.Node) (value, error) {
	mapping := item
	if isField(key.Value) {
		mapping = &yaml.Node{Kind: yaml.MappingNode, Line: key.Line, Content: []*yaml.Node{{Kind: yaml.ScalarNode, Tag: "!!str", Value: key.Value, Line: item.Line}, item}}
	} else if item.Kind != yaml.MappingNode {
		return value{}, fmt.Errorf("line %d: field %q: unknown, want one of %s, or a name with a list of mappings of fields%s", key.Line, key.Value, strings.Join(known(), ", "), suggest.Meant(key.Value, known()...))
	}
	v := value{spec: base}
	var err error
	v.fields, err = set(&v.spec, mapping)
	return v, err
}

// set sets the fields of a mapping, where alpha stands for a Dirichlet prior,
// and returns their places in experiment.Spec.
func set(s *experiment.Spec, mapping *yaml.Node) ([]int, error) {
	if mapping.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("line %d: %q, want a mapping of the spec's fields", mapping.Line, mapping.Value)
	}
	plain := &yaml.Node{Kind: yaml.MappingNode, Line: mapping.Line}
	var fields []int
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		key, item := mapping.Content[i], resolve(mapping.Content[i+1])
		if key.Value == alphaField {
			var err error
			if key, item, err = dirichlet(key, item); err != nil {
				return nil, err
			}
		}
		if place := slices.Index(experiment.FieldNames(), key.Value); place >= 0 {
			fields = append(fields, place)
		}
		plain.Content = append(plain.Content, key, item)
	}
	return fields, s.SetFields(plain)
}

// alphaField stands for prior in a sweep file.
const alphaField = "alpha"

// dirichlet rewrites alpha: x as prior: dirichlet:x.
func dirichlet(key, item *yaml.Node) (*yaml.Node, *yaml.Node, error) {
	if _, err := experiment.ParseNumber(item); err != nil {
		return nil, nil, fmt.Errorf("line %d: field %q: %w", key.Line, alphaField, err)
	}
	newKey := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: "prior", Line: key.Line}
	return newKey, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: "dirichlet:" + item.Value, Line: item.Line}, nil
}

func isField(name string) bool {
	return name == alphaField || slices.Contains(experiment.FieldNames(), name)
}

func known() []string {
	return append(experiment.FieldNames(), alphaField)
}
