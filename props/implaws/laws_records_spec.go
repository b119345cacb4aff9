package implaws

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"causalgrad/impl/experiment"
	"causalgrad/props"
	"go.yaml.in/yaml/v3"
	"pgregory.net/rapid"
)

func specLaws() []props.Law {
	needs := []props.Capability{CanSpecify}
	return []props.Law{
		{ID: "spec-round-trip", Source: "theory.md section 7", Needs: needs, Draws: 40, Check: specRoundTrip,
			Sentence: "A spec written as YAML or as JSON reads back as itself, and has one hash in all forms."},
		{ID: "spec-fields", Source: "theory.md section 7", Needs: needs, Draws: 40, Check: specFields,
			Sentence: "The order of a file's fields does not matter, and a field that is left out has its default value."},
		{ID: "spec-change", Source: "theory.md section 7", Needs: needs, Draws: 60, Check: specChange,
			Sentence: "A change of any one field changes the hash or is refused with an error that names the field."},
		{ID: "spec-bounds", Source: "theory.md sections 1, 2 and 7", Needs: needs, Check: specBounds,
			Sentence: "A value that no run can have is refused with an error that names the field, also infinities and NaN."},
		{ID: "spec-mistakes", Source: "theory.md section 7", Needs: needs, Draws: 60, Check: specMistakes,
			Sentence: "Unknown, doubled, empty and mistyped fields are refused with the file and the field in one line."},
		{ID: "spec-altered-text", Source: "theory.md section 7", Needs: needs, Draws: 60, Check: specAltered,
			Sentence: "A spec's file with bytes changed is refused in one line or is a spec that reads back as itself."},
		{ID: "spec-files-by-content", Source: "theory.md sections 1 and 7", Needs: needs, Draws: 20, Check: specFiles,
			Sentence: "The hash sees what the files of a graph and of priors contain, not their names."},
	}
}

func askReadSpec(t *rapid.T, s props.Subject, c props.Case, file string) experiment.Spec {
	return props.Ask(t, c, "spec in a file", func() (experiment.Spec, error) { return s.(Specifier).ReadSpec(file) })
}

func askHash(t *rapid.T, s props.Subject, c props.Case, spec experiment.Spec) string {
	hash := props.Ask(t, c, "hash", func() (string, error) { return s.(Specifier).HashSpec(spec) })
	props.Demand(t, c, len(hash) == 64 && strings.Trim(hash, "0123456789abcdef") == "", "hash", "64 hexadecimal digits", hash)
	return hash
}

// asYAML is a value as YAML text.
func asYAML(t *rapid.T, v any) []byte {
	text, err := yaml.Marshal(v)
	if err != nil {
		t.Fatalf("%v", err) // a spec always marshals
	}
	return text
}

func specRoundTrip(t *rapid.T, s props.Subject) {
	spec := drawSpec(t)
	c := specCase(spec)
	hash := askHash(t, s, c, spec)
	indented, err := json.MarshalIndent(spec, "", "\t")
	if err != nil {
		t.Fatalf("%v", err) // every number is finite
	}
	inFolder(t, func(folder string) {
		for name, data := range map[string][]byte{"a.yaml": asYAML(t, spec), "b.json": []byte(jsonOf(spec)), "c.JSON": indented} {
			got := askReadSpec(t, s, c, fileIn(t, folder, name, data))
			sameJSON(t, c, "spec read from "+name, got, spec)
			props.Demand(t, c, askHash(t, s, c, got) == hash, "hash of the spec read from "+name, hash, "another")
		}
	})
}

// fieldsOf is a spec's fields as they are written in YAML, one key with its
// value a node pair.
func fieldsOf(t *rapid.T, spec experiment.Spec) []*yaml.Node {
	var document yaml.Node
	if err := yaml.Unmarshal(asYAML(t, spec), &document); err != nil {
		t.Fatalf("%v", err) // what yaml wrote
	}
	return document.Content[0].Content
}

func specFields(t *rapid.T, s props.Subject) {
	spec := drawSpec(t)
	fields, standard := fieldsOf(t, spec), fieldsOf(t, experiment.Default())
	order := rapid.Permutation(props.Identity(len(fields)/2)).Draw(t, "order")
	reordered := &yaml.Node{Kind: yaml.MappingNode}
	mixed := &yaml.Node{Kind: yaml.MappingNode, HeadComment: "# a comment"}
	whole := &yaml.Node{Kind: yaml.MappingNode}
	for _, i := range order {
		pair := fields[2*i : 2*i+2]
		reordered.Content = append(reordered.Content, pair...)
		if pair[0].Value != "steps" && rapid.Bool().Draw(t, "left out") {
			for k := 0; k < len(standard); k += 2 {
				if standard[k].Value == pair[0].Value {
					whole.Content = append(whole.Content, standard[k:k+2]...)
				}
			}
			continue
		}
		mixed.Content, whole.Content = append(mixed.Content, pair...), append(whole.Content, pair...)
	}
	inFolder(t, func(folder string) {
		c := specCase(spec)
		sameJSON(t, c, "spec with its fields in another order", askReadSpec(t, s, c, fileIn(t, folder, "a.yaml", asYAML(t, reordered))), spec)
		// Default and drawn fields may not go together: then both files are refused.
		read := func(name string, node *yaml.Node) (experiment.Spec, error) {
			return s.(Specifier).ReadSpec(fileIn(t, folder, name, asYAML(t, node)))
		}
		full, err := read("full.yaml", whole)
		c = c.Where("fields left out of %q", asYAML(t, mixed))
		if err != nil {
			refuses(t, c, "spec with fields left out", func() error { _, err := read("part.yaml", mixed); return err })
			return
		}
		sameJSON(t, c, "spec with fields left out", askReadSpec(t, s, c, fileIn(t, folder, "part.yaml", asYAML(t, mixed))), full)
	})
}

// specChange: a change of the length, of the tokens or of the model may make
// another field wrong (a graph of another length), which is then named.
func specChange(t *rapid.T, s props.Subject) {
	spec := drawSpec(t)
	field, other := changed(t, spec)
	c := specCase(spec, other).Where("field %q", field)
	hash, err := props.Guarded(func() (string, error) { return s.(Specifier).HashSpec(other) })
	if err == nil {
		props.Demand(t, c, hash != askHash(t, s, c, spec), "hash of the changed spec", "another one", "the same")
		return
	}
	named := map[string]string{"length": "length", "tokens": "tokens", "model": ""}[field]
	if _, several := map[string]bool{"length": true, "tokens": true, "model": true}[field]; !several {
		named = field
	}
	refuses(t, c, "changed spec", func() error { return err }, named)
	props.Demand(t, c, askHash(t, s, c, spec) != "", "hash", "one", "none")
}

func specBounds(t *rapid.T, s props.Subject) {
	field, spec := impossible(t, drawSpec(t))
	refuses(t, specCase(spec), "spec", func() error { _, err := s.(Specifier).HashSpec(spec); return err }, field)
}

// specMistakes: what each mistake is called in the error is part of the law.
func specMistakes(t *rapid.T, s props.Subject) {
	spec := drawSpec(t)
	text := string(asYAML(t, spec))
	pairs := fieldsOf(t, spec)
	field := pairs[2*rapid.IntRange(0, len(pairs)/2-1).Draw(t, "field")].Value
	name, parts := "spec.yaml", []string{field}
	mistake := rapid.SampledFrom([]string{"doubled", "unknown", "empty", "mistyped", "two documents", "list", "nothing", "broken JSON", "absent", "long"}).Draw(t, "mistake")
	switch mistake {
	case "doubled":
		text += fmt.Sprintf("%s: 1\n", field)
	case "unknown":
		text += field + "s: 1\n"
		parts = append(parts, "unknown")
	case "empty":
		text = fmt.Sprintf("%s:\n", field)
	case "mistyped":
		text = fmt.Sprintf("%s: {a: 1}\n", field)
	case "two documents":
		text += "---\n" + text
		parts = []string{"document"}
	case "list":
		text, parts = "- "+field+"\n", []string{"mapping"}
	case "nothing":
		text, parts = "# "+field+"\n", nil
	case "broken JSON":
		name, parts = "spec.json", []string{"JSON"}
	case "absent":
		parts = nil
	case "long":
		text, parts = text+strings.Repeat("#\n", 1<<19), []string{"bytes"}
	}
	inFolder(t, func(folder string) {
		file := filepath.Join(folder, name)
		if mistake != "absent" {
			fileIn(t, folder, name, []byte(text))
		}
		refuses(t, specCase(spec).Where("mistake %q", mistake), "spec file", func() error { _, err := s.(Specifier).ReadSpec(file); return err }, append(parts, file)...)
	})
}

func specAltered(t *rapid.T, s props.Subject) {
	spec := drawSpec(t)
	name, text := "a.yaml", asYAML(t, spec)
	if rapid.Bool().Draw(t, "JSON") {
		name, text = "a.json", []byte(jsonOf(spec))
	}
	text = altered(t, text)
	c := specCase(spec).Where("text %q", text)
	inFolder(t, func(folder string) {
		got, err := props.Guarded(func() (experiment.Spec, error) { return s.(Specifier).ReadSpec(fileIn(t, folder, name, text)) })
		if err != nil {
			refuses(t, c, "altered spec", func() error { return err })
			return
		}
		again := askReadSpec(t, s, c, fileIn(t, folder, "again.yaml", asYAML(t, got)))
		sameJSON(t, c, "altered spec, written and read", again, got)
		props.Demand(t, c, askHash(t, s, c, again) == askHash(t, s, c, got), "hash of the altered spec", "the same", "another")
	})
}

func specFiles(t *rapid.T, s props.Subject) {
	spec := drawSpec(t)
	spec.Model, spec.Heads, spec.Length, spec.Tokens, spec.Shifted = props.Disentangled, []int{1, 1}, 5, 2, []string{}
	rows := func(p int) string { return fmt.Sprintf("[[0.5,0.5],[0.%d,0.%d]]", p, 10-p) }
	p := rapid.IntRange(1, 9).Draw(t, "probability")
	other := rapid.IntRange(1, 9).Filter(func(q int) bool { return q != p }).Draw(t, "other probability")
	inFolder(t, func(folder string) {
		graph := fileIn(t, folder, "graph.json", []byte(`{"parents": [-1, 0, 0, 1]}`))
		chain, chains := filepath.Join(folder, "chain.json"), filepath.Join(folder, "chains.csv")
		spec.Graph = "@" + graph
		spec.Prior = rapid.SampledFrom([]string{"point:" + chain, "orbit:" + chain, "@" + chains, "dirichlet:1"}).Draw(t, "prior")
		if spec.Prior == "dirichlet:1" {
			spec.Shifted = []string{"point:" + chain}
		}
		c := specCase(spec).Where("chains %s and %s", rows(p), rows(other))
		hash := func(p int) string {
			fileIn(t, folder, "chain.json", []byte(rows(p)))
			csv := "0.5,0.5\n0.5,0.5\n" + strings.NewReplacer("[", "", "]]", "\n", "],", "\n").Replace(rows(p))
			fileIn(t, folder, "chains.csv", []byte(csv))
			got := askReadSpec(t, s, c, fileIn(t, folder, "spec.yaml", asYAML(t, spec)))
			props.Demand(t, c, got.Graph == "parents:-1,0,0,1", "graph of a file", "parents:-1,0,0,1", got.Graph)
			return askHash(t, s, c, got)
		}
		first := hash(p)
		props.Demand(t, c, hash(p) == first, "hash of the same files", first, "another")
		props.Demand(t, c, hash(other) != first, "hash with another chain in the same file", "another one", "the same")
		if err := os.Remove(chain); err != nil {
			t.Fatalf("%v", err)
		}
		if spec.Prior != "@"+chains {
			refuses(t, c, "spec with a missing file", func() error { _, err := s.(Specifier).HashSpec(spec); return err }, "chain.json")
		}
	})
}
