package experiment

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// write puts text into a file of the test's own.
func write(t *testing.T, name, text string) string {
	t.Helper()
	name = filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	return name
}

func TestLoadCompletesFromDefault(t *testing.T) {
	want := Default()
	want.ID, want.Steps, want.Heads, want.LR, want.Shifted = "mine", 12, []int{2, 1}, 0.01, []string{}
	for name, text := range map[string]string{
		"a.yaml": "id: mine\nsteps: 12\nheads: [2, 1]\nlr: 1e-2\nshifted: []\n",
		"b.yml":  "# a comment\nid: mine\nsteps: 12\nheads:\n  - 2\n  - 1\nlr: 0.01\nshifted: []",
		"c.json": "{\n\t\"id\": \"mine\",\n\t\"steps\": 12, \"heads\": [2, 1], \"lr\": 1e-2, \"shifted\": []}",
	} {
		got, _, err := Load(write(t, name, text))
		require.NoError(t, err, name)
		require.Equal(t, want, got, name)
	}
}

func TestLoadWritesGraphFilesOut(t *testing.T) {
	graph := write(t, "graph.json", `{"parents": [-1, 0, 0, 1]}`)
	s, _, err := Load(write(t, "spec.yaml", "length: 5\nsteps: 1\ngraph: '@"+graph+"'\n"))
	require.NoError(t, err)
	require.Equal(t, "parents:-1,0,0,1", s.Graph)
}

func TestLoadNamesFileFieldAndValue(t *testing.T) {
	for text, want := range map[string][]string{
		"":                                           {"empty"},
		"[1, 2]":                                     {"want a mapping"},
		"steps: 1\n---\nsteps: 2":                    {"more than one document"},
		"steps: 1\nsteps: 2":                         {`line 2: field "steps": given twice`},
		"steps:":                                     {`field "steps": no value`},
		"stepps: 3":                                  {`line 1: field "stepps": unknown`, "steps, batch"},
		"steps: many":                                {`line 1: field "steps": "many", want an integer in decimal digits`},
		"seed: -1\nsteps: 1":                         {`line 1: field "seed": -1, want 0 to 18446744073709551615`},
		"steps: 1\nheads: 3":                         {`line 2: field "heads"`, "3"},
		"steps: [1":                                  {"line 1"},
		"id: x":                                      {"steps = 0, want 1 to"},
		"steps: 1\nid: ../x":                         {`id = "../x"`},
		"steps: 1\nid: ''":                           {`id = ""`},
		"steps: 1\nlr: -1":                           {"lr = -1"},
		"steps: 1\nlr: .nan":                         {"lr = NaN"},
		"steps: 1\neps: .nan":                        {"eps = NaN"},
		"steps: 1\nschedule: step":                   {`schedule "step"`},
		"steps: 1\noptimizer: lion":                  {`optimizer "lion"`},
		"steps: 1\nmodel: rnn":                       {`model "rnn"`},
		"steps: 1\ninit_scale: -1":                   {"init_scale = -1"},
		"steps: 1\nbatch: 0":                         {"batch = 0"},
		"steps: 1\ntest_sequences: 0":                {"test_sequences = 0"},
		"steps: 1\nweight_decay: 2":                  {"weight decay = 2"},
		"steps: 1\ngraph: wheel":                     {`graph "wheel"`},
		"steps: 1\ngraph: '@missing.json'":           {"missing.json"},
		"steps: 1\nprior: dirichlet:-1":              {`prior "dirichlet:-1"`},
		"steps: 1\nshifted: [dirichlet]":             {"shifted[0]", "dirichlet"},
		"steps: 1\nmodel: transformer":               nil,
		"{steps: 1, model: transformer, heads: [2]}": {"heads[0] = 2"},
	} {
		name := write(t, "spec.yaml", text)
		_, _, err := Load(name)
		if want == nil {
			require.NoError(t, err, text)
			continue
		}
		require.ErrorContains(t, err, "spec file "+name+": ", text)
		require.NotContains(t, err.Error(), "\n", text)
		for _, part := range want {
			require.ErrorContains(t, err, part, text)
		}
	}
	_, _, err := Load(filepath.Join(t.TempDir(), "none.yaml"))
	require.ErrorContains(t, err, "no such file")
	_, _, err = Load(write(t, "spec.json", "steps: 1"))
	require.ErrorContains(t, err, "not valid JSON")
	_, _, err = Load(write(t, "big.yaml", strings.Repeat("# long\n", maxSpecFile/7+1)))
	require.ErrorContains(t, err, "bytes, want a small file")
}

// TestHashSeesEveryField changes each field alone.
func TestHashSeesEveryField(t *testing.T) {
	seen := map[string]string{}
	add := func(what string, s Spec) {
		h, err := s.Hash()
		require.NoError(t, err)
		require.Len(t, h, 64)
		require.NotContains(t, seen, h, "%s hashes like %s", what, seen[h])
		seen[h] = what
	}
	add("default", Default())
	for name, text := range map[string]string{"id": "a", "graph": "icl", "length": "22", "tokens": "4", "prior": "dirichlet:1",
		"model": "reduced", "heads": "[2, 1]", "eps": "0.5", "optimizer": "adamw", "lr": "0.5", "schedule": "cosine",
		"weight_decay": "0.1", "init_scale": "0.1", "steps": "7", "batch": "5", "seed": "2", "test_sequences": "9",
		"shifted": "[dirichlet:1]", "initial_weights": "abc", "precision": "float32", "stationary": "svd32", "roots": "uniform"} { // matrices play a part through their prior alone
		given := name + ": " + text
		if name != "steps" {
			given += "\nsteps: 8"
		}
		s, err := ParseSpec([]byte(given))
		require.NoError(t, err, name)
		add(name, s)
	}
	require.Len(t, seen, len(FieldNames()))
}

func TestHashTellsNoListFromNoFieldsAndFilesByContent(t *testing.T) {
	hash := func(s Spec) string {
		h, err := s.Hash()
		require.NoError(t, err)
		return h
	}
	empty, none := tiny(), tiny()
	empty.Shifted, none.Shifted = []string{}, nil
	require.Equal(t, hash(empty), hash(none))

	file := write(t, "chain.json", "[[0.5, 0.5], [0.25, 0.75]]")
	s := tiny()
	s.Prior = "point:" + file
	before := hash(s)
	require.Equal(t, before, hash(s))
	require.NoError(t, os.WriteFile(file, []byte("[[0.5, 0.5], [0.5, 0.5]]"), 0o600))
	require.NotEqual(t, before, hash(s), "another chain in a file of the same name")
	require.NoError(t, os.Remove(file))
	_, err := s.Hash()
	require.ErrorContains(t, err, "chain.json")
}
