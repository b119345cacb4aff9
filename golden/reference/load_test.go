package reference

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheShippedFilesAreTheseKinds(t *testing.T) {
	kinds := map[string]string{}
	for _, name := range Files() {
		f, err := Open(name)
		require.NoError(t, err)
		require.Equal(t, name, f.Name())
		require.Empty(t, f.Ignored(), name)
		kinds[name] = fmt.Sprintf("%T", f)
	}
	require.Equal(t, map[string]string{
		"dynamics_examples.json": "*reference.Dynamics", "gradient_examples.json": "*reference.Gradients", "many_graphs.json": "*reference.ForestTable", "official_many_graphs_cpu.json": "*reference.ForestRerun",
		"traj_chain.json": "*reference.Trajectory", "traj_random1.json": "*reference.Trajectory",
		"vec_a.json": "*reference.Vectors", "vec_b.json": "*reference.Vectors", "vec_c.json": "*reference.Vectors",
		"vec_d.json": "*reference.Vectors", "vec_e.json": "*reference.Vectors", "vec_f.json": "*reference.Runs",
		"vec_g.json": "*reference.Runs", "vec_bayes.json": "*reference.Bayes", "vec_stationary.json": "*reference.Stationary",
	}, kinds)
}

func TestPublishedForestsAndRuns(t *testing.T) {
	runs, err := Trajectories()
	require.NoError(t, err)
	require.Len(t, runs, 2)
	table, err := ManyGraphs()
	require.NoError(t, err)
	require.Equal(t, "chain", runs[0].RunName)
	require.Equal(t, table.Trials[0].Forest, runs[1].Problem.Graph, "random1 is forest 0 of the table")
	require.Equal(t, table.Config.Length, runs[1].Length)
	require.Len(t, runs[1].Checkpoints, 18)
	require.Len(t, runs[1].TrainLoss, 64)
	require.Equal(t, 0.0401445, table.Trials[0].Edges[0].Deficit)
}

// TestBadContentGetsOneLine: the message names the file, the field, the value
// and what was expected.
func TestBadContentGetsOneLine(t *testing.T) {
	for text, want := range map[string]string{
		"":                               "empty, want a JSON value",
		"{":                              "ends after 1 bytes inside the JSON value: is it truncated?",
		`{"points": [NaN]}`:              "byte 13: invalid character 'N' looking for beginning of value, want JSON (no NaN, no Infinity)",
		"{} {}":                          "text after the JSON value, want the end of the file",
		"{}":                             "not a reference file: want an object with one of the fields points, runs, matrices, items, trials, trajectory or a list",
		"3":                              "not a reference file",
		"null":                           "not a reference file",
		`"points"`:                       "not a reference file",
		`{"schema": 1, "records": []}`:   "not a reference file",
		`{"points": [], "items": []}`:    "has the fields points and items, want one of them",
		"[]":                             "the whole value: a list of 0, want at least one entry",
		"[1]":                            "[0] = 1, want an object with the fields [tokens",
		`[{"tokens": 3}]`:                "[0].length: missing, want this field",
		`{"points": 1}`:                  "vocab_size: missing",
		`{"matrices": {}}`:               "matrices: an object of 0 fields, want a list",
		`{"matrices": [{"S": 1}]}`:       "matrices[0].S = 1, want an integer from 2 to 32",
		`{"matrices": [{"S": 2.0}]}`:     "matrices[0].S = 2.0, want an integer",
		`{"matrices": [{"S": "\n2"}]}`:   `matrices[0].S = "\n2", want an integer`,
		`{"matrices": [{"S": true}]}`:    "matrices[0].S = true, want an integer",
		`{"items": [{"vocab_size":99}]}`: "items[0].vocab_size = 99, want an integer from 2 to 32",
		`{"items": [{"type": "InContextDAG", "name": "big", "vocab_size": 32, "seq_len": 6, "alpha": 1,
			"dag": [[], [], [], [], [], [], [0, 1, 2, 3, 4, 5]]}]}`: "items[0]: graph: 32 tokens and 6 parents need a tensor above",
		strings.Repeat("[", 20000): "exceeded max depth",
		"\x00\xff":                 "byte 1: invalid character",
	} {
		rejects(t, []byte(text), want)
	}
	rejects(t, make([]byte, maxFileSize+1), "more than 16777216 bytes, want a reference file")
}

func rejects(t *testing.T, data []byte, want string) {
	t.Helper()
	_, err := Parse("some.json", data)
	require.Error(t, err)
	require.True(t, strings.HasPrefix(err.Error(), "file some.json: "), "%v", err)
	require.ErrorContains(t, err, want)
	require.NotContains(t, err.Error(), "\n")
	require.Less(t, len(err.Error()), 400)
}

func TestBadFieldsGetOneLine(t *testing.T) {
	for _, c := range []struct {
		file, path string
		value      any
		want       string
	}{
		{"vec_a.json", "model", "GPT", `model = "GPT", want one of ["CatFormer" "Transformer"]`},
		{"vec_a.json", "heads", []int{1, 0}, "heads[1] = 0, want an integer from 1 to 8"},
		{"vec_a.json", "heads", []int{}, "heads: a list of 0, want 1 to 6 layers"},
		{"vec_a.json", "heads", []int{1}, "points[0].params.A: a list of 2, want a list of 1"},
		{"vec_e.json", "heads", []int{1, 2}, "heads[1] = 2, want 1 in a Transformer"},
		{"vec_a.json", "vocab_size", 4, "problem.vocab_size = 3, want an integer from 4 to 4"},
		{"vec_a.json", "seq_len", 7, "problem.dag: a list of 5, want a list of 6"},
		{"vec_a.json", "problem.type", "InContextDAG", "problem.dag: a list of 5, want a list of 7"},
		{"vec_a.json", "problem.dag", []int{-1, 0, 2, -1, -1}, "problem.dag: parents[2] = 2, want -1 (a root) or an earlier position 0..1"},
		{"vec_a.json", "problem.alpha", 0, "problem.alpha = 0, want a number from 0.0001 to 1e+06"},
		{"vec_b.json", "problem.dag.3", []int{2, 2}, "problem.dag: dag[3]: parent 2 is listed twice"},
		{"vec_b.json", "problem.dag.5", []int{}, "the target has no parents"},
		{"vec_a.json", "x.3.5", 3, "x[3][5] = 3, want an integer from 0 to 2"},
		{"vec_a.json", "x", []any{}, "x: a list of 0, want at least one entry"},
		{"vec_a.json", "y.0.0", 0.9, "y[0]: sums to "},
		{"vec_a.json", "y.0.0", -0.1, "y[0][0] = -0.1, want a probability"},
		{"vec_a.json", "y.7", []float64{1}, "y[7]: a list of 1, want a list of 3"},
		{"vec_a.json", "points.2.params.A.1.0.17", []float64{}, "points[2].params.A[1][0][17]: a list of 0, want a list of 18"},
		{"vec_a.json", "points.2.params.W.0.0", "0.1", `points[2].params.W[0][0] = "0.1", want a finite number`},
		{"vec_a.json", "points.1.loss", json.Number("1e999"), "points[1].loss = 1e999, want a finite number"},
		{"vec_e.json", "points.0.params.mlps.0", []any{}, "points[0].params.mlps[0]: a list of 0, want a list of 2"},
		{"vec_f.json", "runs.0.steps", 4, "runs[0].lr_per_step: a list of 5, want a list of 4"},
		{"vec_f.json", "runs.0.opt.optimizer", "lion", `runs[0].opt.optimizer = "lion", want one of ["sgd" "adamw"]`},
		{"vec_g.json", "runs.1.opt.b1", 0.95, "runs[1].opt.b1 = 0.95, want a number from 0.9 to 0.9"},
		{"vec_stationary.json", "matrices.2.pi.0.1", 0.5, "matrices[2].pi: chain[0]: sums to "},
		{"vec_stationary.json", "matrices.0.pi", [][]int{{1, 0}, {0, 1}}, "matrices[0].pi: chain: reducible"},
		{"vec_stationary.json", "matrices.0.mu_exact", []int{0, 1}, "matrices[0].mu_exact[0] = 0, want a positive number"},
		{"vec_bayes.json", "items.0.n_sequences_where_they_differ", 9, "= 9, want an integer from 0 to 8"},
		{"gradient_examples.json", "0.eps", -1, "[0].eps = -1, want a number from 0 to 1e+06"},
		{"dynamics_examples.json", "1.stage1.steps", 0, "[1].stage1.steps = 0, want an integer from 1"},
		{"dynamics_examples.json", "0.parents", []int{-1}, "[0].parents: a list of 1, want a list of 2 to"},
		{"gradient_examples.json", "0.signal.2", nil, "[0].signal[2] = null, want a list of 4"},
		{"many_graphs.json", "trials.3.trial", 4, "trials[3].trial = 4, want an integer from 3 to 3"},
		{"many_graphs.json", "trials.0.edges.0.parent", 1, "trials[0].edges[0]: from 1 to 2, want from 0 to 2 as in parents"},
		{"many_graphs.json", "trials.0.edges", []any{}, "trials[0].edges: a list of 0, want the 8 edges of the parents"},
		{"traj_chain.json", "edges.posblock.edges.3", 5, "edges.posblock.edges[3] = 5, want 4, the child of the dag's edge"},
		{"traj_chain.json", "ood", make([]int, 65), "ood: a list of 65, want at most 64 entries"},
		{"traj_chain.json", "n_test", 1, "n_test = 1, want an integer from 2"},
		{"traj_chain.json", "trajectory", []int{}, "trajectory: a list of 0, want at least one entry"},
		{"traj_chain.json", "A1_pos_softmax", []any{}, "A1_pos_softmax: a list of 0, want a list of 1"},
	} {
		d := open(t, c.file)
		d.set(t, c.path, c.value)
		rejects(t, d.bytes(t), c.want)
	}
}

func TestTruncatedFilesAreRejected(t *testing.T) {
	for _, name := range Files() {
		data, err := shipped.ReadFile(name)
		require.NoError(t, err)
		for _, n := range []int{0, 1, 100, len(data) / 2, len(data) - 2} {
			_, err := Parse(name, data[:n])
			require.Error(t, err, "%s cut to %d bytes", name, n)
		}
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	_, err := Open("no_such.json")
	require.EqualError(t, err, "file no_such.json: no such file or directory")
	dir := t.TempDir()
	_, err = Open(dir)
	require.EqualError(t, err, "file "+dir+": not a regular file, want a JSON file")
	big := filepath.Join(dir, "big.json")
	require.NoError(t, os.WriteFile(big, nil, 0o600))
	require.NoError(t, os.Truncate(big, maxFileSize+5))
	_, err = Open(big)
	require.ErrorContains(t, err, "more than 16777216 bytes")
	_, err = openShipped("no_such.json")
	require.ErrorContains(t, err, "want one of [dynamics_examples.json gradient_examples.json")
}

func TestAUsersFileComesBeforeAShippedOne(t *testing.T) {
	t.Chdir(t.TempDir())
	_, err := Open("vec_a.json")
	require.NoError(t, err, "the shipped one")
	require.NoError(t, os.WriteFile("vec_a.json", []byte("{}"), 0o600))
	_, err = Open("vec_a.json")
	require.ErrorContains(t, err, "not a reference file")
}

func TestFieldsOutsideTheSchemaAreNamed(t *testing.T) {
	d := open(t, "vec_c.json")
	d.change(t, "points.0", func(v any) any {
		v.(object)["margin\n"] = 1
		return v
	})
	d.top.(object)["author"] = "me"
	r := d.check(t, Options{})
	require.True(t, r.Pass())
	require.Equal(t, `not compared: "author", "margin\n"`, find(t, r, "fields not in the schema").Note)
}

// unused are the fields that describe a file and are not read.
var unused = []string{"case", "set", "seed", "enumeration_error", "dtype", "log_S", "sample_chunk", "train_wall_s", "versions"}

// TestEveryFieldIsRead replaces each value in turn by null: that must be an
// error that names its path. A field more, in any object, is noted. Lists are entered at their last entry.
func TestEveryFieldIsRead(t *testing.T) {
	for _, name := range []string{"vec_b.json", "vec_e.json", "vec_f.json", "vec_g.json", "vec_stationary.json", "vec_bayes.json",
		"gradient_examples.json", "dynamics_examples.json", "many_graphs.json", "official_many_graphs_cpu.json", "traj_random1.json"} {
		d := open(t, name)
		var visit func(path string, value any, put func(any))
		visit = func(path string, value any, put func(any)) {
			put(nil)
			r := &reader{name: name}
			load(node{reader: r, value: d.top})
			put(value)
			require.ErrorContains(t, r.err, strings.TrimPrefix(path, "."), "%s", name)
			if fields, ok := value.(map[string]any); ok {
				fields["extra"] = 1
				r := &reader{name: name}
				load(node{reader: r, value: d.top})
				delete(fields, "extra")
				require.Equal(t, []string{`"extra"`}, r.ignored, "%s: %s", name, path)
			}
			descend(path, value, visit)
		}
		descend("", d.top, visit)
		r := &reader{name: name}
		load(node{reader: r, value: d.top})
		require.NoError(t, r.err, "the document is as it was")
	}
}

// descend visits the fields of an object, or the last entry of a list.
func descend(path string, value any, visit func(string, any, func(any))) {
	switch v := value.(type) {
	case map[string]any:
		for key, child := range v {
			kept := key == "seed" && strings.Contains(fmt.Sprint(v["name"]), "random1") // a run's seed is read
			if !slices.Contains(unused, key) || kept {
				visit(path+"."+key, child, func(x any) { v[key] = x })
			}
		}
	case []any:
		if at := len(v) - 1; at >= 0 {
			visit(fmt.Sprintf("%s[%d]", path, at), v[at], func(x any) { v[at] = x })
		}
	}
}

// FuzzParse: no content makes the loader panic or speak in more than one line,
// and what it accepts can be compared without a panic.
func FuzzParse(f *testing.F) {
	for _, name := range Files() {
		data, err := shipped.ReadFile(name)
		require.NoError(f, err)
		f.Add(data)
		f.Add(data[:len(data)/3])
	}
	f.Add([]byte(`[{"tokens":2,"length":3,"parents":[-1,0],"chain":[[0.5,0.5],[0.5,0.5]],"eps":0,"gradient":[[0,0,0],[0,0,0],[0,0,0]],"signal":[[0,0],[0,0]],"chi2":[[1,0],[0,1]]}]`))
	f.Add([]byte(`{"matrices":[{"S":2,"alpha":1,"pi":[[0.5,0.5],[0.5,0.5]],"mu_official":[0.5,0.5],"mu_official_float32":[0.5,0.5],"mu_exact":[0.5,0.5],"second_smallest_singular_value":1,"max_abs_err_official64":0,"max_abs_err_official32":0}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Parse("fuzz.json", data)
		if err == nil {
			_, err = Check(file, few)
		}
		if err != nil && (strings.Contains(err.Error(), "\n") || !strings.HasPrefix(err.Error(), "file fuzz.json: ")) {
			t.Fatalf("want one line that names the file, got %q", err)
		}
	})
}
