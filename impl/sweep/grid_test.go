package sweep

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"causalgrad/impl/experiment"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestGridIsTheProductInOrderAndTheCells(t *testing.T) {
	g := load(t, tinyGrid)
	require.NoError(t, g.Validate())
	var want []string
	for _, name := range []string{"chain", "icl"} {
		for _, optimiser := range []string{"optimizer=sgd, lr=1", "optimizer=adamw, lr=0.01"} {
			for seed := 1; seed <= 3; seed++ {
				want = append(want, fmt.Sprintf("graph=%s, model=disentangled, %s, seed=%d", name, optimiser, seed))
			}
		}
	}
	want = append(want, "graph=chain, model=reduced, optimizer=sgd, lr=1, seed=9")
	var got []string
	for i, c := range g.Cells {
		require.Equal(t, i, c.Index)
		hash, err := c.Spec.Hash()
		require.NoError(t, err)
		require.Equal(t, hash, c.Hash)
		got = append(got, Label(c.Spec, Varied(g.Cells)))
	}
	require.Equal(t, want, got)
	spec := experiment.Default()
	spec.ID, spec.Steps, spec.Batch, spec.TestSequences, spec.Length, spec.Tokens, spec.Shifted = DefaultID, 4, 64, 64, 5, 2, []string{}
	spec.Graph, spec.Optimizer, spec.LR, spec.Seed = "icl", "adamw", 0.01, 3
	require.Equal(t, spec, g.Cells[11].Spec)
}

// What a grid had before it grew keeps its records: the hashes stay, whatever
// is added, in whatever order the axes stand and under whatever name.
func TestGrowingKeepsTheHashes(t *testing.T) {
	small := load(t, "base: {steps: 4}\ngrid: {seed: [1, 2], alpha: [0.1]}")
	large := load(t, "base: {steps: 4}\ngrid: {tokens: [3, 4], alpha: [1, 0.1], seed: [3, 2, 1]}")
	require.Len(t, large.Cells, 12)
	for _, c := range small.Cells {
		require.True(t, slices.ContainsFunc(large.Cells, func(other Cell) bool { return other.Hash == c.Hash }), c.Spec)
	}
}

func TestAlphaIsADirichletPriorAndOverridesTheBase(t *testing.T) {
	g := load(t, "base: {steps: 4, prior: 'sticky:0.9,1'}\ngrid: {alpha: [0.3, 1]}")
	require.Equal(t, "dirichlet:0.3", g.Cells[0].Spec.Prior)
	require.Equal(t, "dirichlet:1", g.Cells[1].Spec.Prior)
}

func TestListsAreValuesOfTheirFields(t *testing.T) {
	g := load(t, "base: {steps: 4}\ngrid: {heads: [[1, 1], [2, 1]], shifted: [[], ['dirichlet:1']]}")
	require.NoError(t, g.Validate())
	require.Equal(t, []int{2, 1}, g.Cells[2].Spec.Heads)
	require.Equal(t, []string{"dirichlet:1"}, g.Cells[3].Spec.Shifted)
	require.Equal(t, `heads=[2,1], shifted=["dirichlet:1"]`, Label(g.Cells[3].Spec, Varied(g.Cells)))
}

func TestRepeatedSpecsAreOneCell(t *testing.T) {
	g := load(t, "base: {steps: 4}\ngrid: {seed: [1, 2, 1]}\ncells: [{seed: 2}, {seed: 3}]")
	require.Len(t, g.Cells, 3)
	require.Equal(t, []string{"2 of the file's 5 cells came before with the same spec and are left out"}, g.Notes)
}

func TestJSONAndAliases(t *testing.T) {
	want := load(t, "base: {steps: 4}\ngrid: {seed: [1, 2], graph: [chain]}")
	g, err := Load(write(t, "grid.json", "{\"base\": {\"steps\": 4},\n\t\"grid\": {\"seed\": [1, 2], \"graph\": [\"chain\"]}}"))
	require.NoError(t, err)
	require.Equal(t, want.Cells, g.Cells)
	require.Equal(t, want.Cells, load(t, "base: {steps: 4}\ngrid: {seed: [1, 2]}\ncells: [&a {seed: 1}, *a]").Cells)
}

func TestAGraphFromAFileIsWrittenOut(t *testing.T) {
	name := write(t, "graph.json", `{"parents":[-1,0,0,2]}`)
	g := load(t, "base: {steps: 4, length: 5}\ngrid: {graph: ['@"+name+"', chain]}")
	require.Equal(t, "parents:-1,0,0,2", g.Cells[0].Spec.Graph)
}

func TestMistakesNameTheFileTheFieldAndTheValue(t *testing.T) {
	many := "[" + strings.Repeat("1,", 999) + "1]"
	for _, m := range []struct {
		content string
		names   []string
	}{
		{"", []string{"empty"}},
		{"[1]", []string{"line 1: a list, want a mapping with base, grid or cells"}},
		{"\tgrid: {}", []string{"line 1: yaml"}},
		{"base: {steps: 1}", []string{"no cells"}},
		{"grids: {seed: [1]}", []string{"line 1", `"grids": unknown`, "base, grid or cells"}},
		{"grid: [1]", []string{"line 1: grid: want a mapping"}},
		{"grid: {seed: [1]}\ngrid: {seed: [1]}", []string{"line 2", "grid: given twice"}},
		{"grid: {seed: [1]}\n---\ngrid: {seed: [2]}", []string{"more than one document"}},
		{"grid: {seed: [1", []string{"line"}},
		{"grid:\n  seed: 1", []string{"line 2", `field "seed"`, "want a list"}},
		{"grid:\n  seed: []", []string{"line 2", `field "seed"`, "at least one"}},
		{"grid:\n  seed: [1, x]", []string{"line 2", `field "seed"`, "x"}},
		{"grid:\n  seed: [~]", []string{"line 2", `field "seed"`, "no value"}},
		{"grid:\n  sead: [1, 2]", []string{"line 2", `field "sead": unknown`, "seed"}},
		{"grid:\n  size:\n  - {sead: 1}", []string{"line 3", `field "sead": unknown`, "seed"}},
		{"grid:\n  alpha: [high]", []string{"line 2", `field "alpha": "high"`, "number"}},
		{"grid:\n  alpha: [1]\n  prior: ['dirichlet:2']", []string{"line 3", `"alpha" and "prior" both set field "prior"`}},
		{"grid:\n  seed: [1]\n  seed: [2]", []string{"line 3", `"seed"`, "twice"}},
		{"base: {stepz: 1}\ngrid: {seed: [1]}", []string{"base: line 1", `field "stepz": unknown`}},
		{"cells:\n- {seed: 1}\n- seed", []string{"cells[1]: line 3", `"seed"`, "mapping"}},
		{"grid: {seed: " + many + ", tokens: " + many + "}", []string{"more than 100000 cells"}},
		{"base: {steps: 1}\ngrid: {graph: ['@absent.json', chain]}", []string{"cell 0 (graph=@absent.json)", "no such file"}},
		{"grid: {seed: [2], steps: [1, 0]}", []string{"cell 1 (steps=0)", "steps = 0", "want 1 to"}},
		{"base: {steps: 1}\ngrid: {alpha: [1, -1]}", []string{"cell 1 (prior=dirichlet:-1)", "-1"}},
	} {
		g, err := Load(write(t, "wrong.yaml", m.content))
		if err == nil {
			err = g.Validate()
		}
		require.Error(t, err, m.content)
		for _, part := range append(m.names, "sweep file ", "wrong.yaml: ") {
			require.ErrorContains(t, err, part, m.content)
		}
		require.NotContains(t, err.Error(), "\n")
	}
	_, err := Load("absent.yaml")
	require.EqualError(t, err, "sweep file absent.yaml: no such file or directory")
}

func TestShardsCoverEveryCellOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cells := make([]Cell, rapid.IntRange(0, 50).Draw(t, "cells"))
		for i := range cells {
			cells[i].Index = i
		}
		of := rapid.IntRange(1, 60).Draw(t, "shards")
		times, least, most := make([]int, len(cells)), len(cells), 0
		for i := 1; i <= of; i++ {
			shard, err := ParseShard(fmt.Sprintf("%d/%d", i, of))
			require.NoError(t, err)
			own := shard.Cells(cells)
			least, most = min(least, len(own)), max(most, len(own))
			for _, c := range own {
				times[c.Index]++
			}
		}
		for place, n := range times {
			require.Equal(t, 1, n, place)
		}
		require.LessOrEqual(t, most-least, 1)
	})
	whole, err := ParseShard("")
	require.NoError(t, err)
	require.Equal(t, Shard{1, 1}, whole)
	_, err = ParseShard(fmt.Sprintf("1/%d", MaxCells))
	require.NoError(t, err)
	for _, text := range []string{fmt.Sprintf("1/%d", MaxCells+1), "0/3", "4/3", "1", "1/", "/2", "a/b", "1/2/3", "-1/2", "1/1000000", "1.5/2"} {
		_, err := ParseShard(text)
		require.ErrorContains(t, err, fmt.Sprintf("shard %q, want i/n", text))
	}
}

// Values that would be rounded to one another are refused, with their line: a
// grid never shrinks in silence.
func TestIntegersOfAGridAreIntegersOrRefused(t *testing.T) {
	_, err := Load("testdata/float_grid.yaml")
	require.EqualError(t, err, `sweep file testdata/float_grid.yaml: grid: line 2: field "seed": "1.2", want an integer in decimal digits`)
	for content, want := range map[string]string{
		"base: {steps: 1.9}\ngrid: {seed: [1]}":                       `base: line 1: field "steps": "1.9"`,
		"grid:\n  heads:\n  - [1, 1]\n  - [1.9, 1]":                   `line 4: field "heads": entry 0: "1.9"`,
		"grid:\n  seed:\n  - 1\n  - 18446744073709551616":             "line 4: field \"seed\": 18446744073709551616, want 0 to 18446744073709551615",
		"base: {steps: 1}\ngrid: {alpha: [0.1, 010]}":                 `field "alpha": "010", want a number in decimal digits`,
		"base: {steps: 1}\ncells:\n- {seed: 1}\n- {batch: 0x10}":      `cells[1]: line 4: field "batch": "0x10"`,
		"grid:\n  size:\n  - {steps: 2, length: 5}\n  - {steps: 2.5}": `line 4: field "steps": "2.5"`,
	} {
		_, err := Load(write(t, "wrong.yaml", content))
		require.ErrorContains(t, err, want, content)
	}
}

// Cells hold the matrices of their priors' files: a job that waits does not need
// them, and a label does not show them.
func TestCellsHoldTheMatricesOfTheirPriors(t *testing.T) {
	name := write(t, "chain.json", "[[0.5,0.5],[0.1,0.9]]")
	g := load(t, "base: {steps: 4, tokens: 2}\ngrid: {prior: ['point:"+name+"', 'orbit:"+name+"', 'dirichlet:1'], seed: [1, 2]}")
	require.NoError(t, os.Remove(name))
	require.NoError(t, g.Validate())
	require.Equal(t, []string{"prior", "seed"}, Varied(g.Cells))
	for _, c := range g.Cells[:4] {
		require.Equal(t, map[string][][][]float64{c.Spec.Prior: {{{0.5, 0.5}, {0.1, 0.9}}}}, c.Spec.Matrices)
	}
	require.Empty(t, g.Cells[4].Spec.Matrices)
	chunk := filepath.Join(t.TempDir(), "chunks.jsonl")
	require.NoError(t, writeChunks(chunk, [][]Cell{g.Cells}))
	again, err := ReadChunk(chunk, 1)
	require.NoError(t, err)
	require.Equal(t, g.Cells, again)
}

// TestWhatReadingAFileDecidedIsNotedOnce, however many cells read it.
func TestWhatReadingAFileDecidedIsNotedOnce(t *testing.T) {
	chain := write(t, "labels.csv", ",a,b\na,0.5,0.5\nb,0.25,0.75\n")
	g := load(t, "base: {steps: 1, batch: 8, length: 5, tokens: 2, test_sequences: 64, shifted: ['point:"+chain+"']}\ngrid: {seed: [1, 2], prior: ['point:"+chain+"', 'orbit:"+chain+"']}\n")
	require.Len(t, g.Cells, 4)
	require.NotEqual(t, g.Cells[0].Hash, g.Cells[1].Hash)
	require.Equal(t, []string{
		"file " + chain + ": line 1 is taken for labels",
		"file " + chain + ": column 1 is taken for labels",
		"file " + chain + ": tokens 0, 1, ... are a, b",
	}, g.Notes)
}
