package implaws

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"causalgrad/impl/experiment"
	"causalgrad/props"
	"pgregory.net/rapid"
)

func gridLaws() []props.Law {
	needs := []props.Capability{CanGrid}
	return []props.Law{
		{ID: "grid-product", Source: "architecture, sweeps", Needs: needs, Draws: 40, Check: gridProduct,
			Sentence: "A sweep file, as YAML or as JSON, is the Cartesian product of its axes, the last one fastest, then its cells, each spec once."},
		{ID: "grid-axes-commute", Source: "architecture, sweeps", Needs: needs, Draws: 30, Check: gridCommutes,
			Sentence: "The order of the axes changes the order of the cells alone, and a grid that grows keeps the hashes that it had."},
		{ID: "grid-labels", Source: "architecture, sweeps", Needs: needs, Draws: 30, Check: gridLabels,
			Sentence: "The fields that vary are those in which two cells differ, and they tell every cell from the others."},
		{ID: "grid-mistakes", Source: "architecture, sweeps", Needs: needs, Draws: 60, Check: gridMistakes,
			Sentence: "A mistake in a sweep file is refused, or its cell called invalid, in one line with the file and the field."},
		{ID: "grid-altered-text", Source: "architecture, sweeps", Needs: needs, Draws: 60, Check: gridAltered,
			Sentence: "A sweep file with bytes changed is refused in one line or expands to different specs, all named."},
		{ID: "shards-partition", Source: "architecture, sweeps", Needs: needs, Check: shardsPartition,
			Sentence: "The shards 1 to n have every cell once, as evenly as possible, and nothing else is a shard."},
	}
}

func askGrid(t *rapid.T, s props.Subject, c props.Case, file string) Grid {
	g := props.Ask(t, c, "grid", func() (Grid, error) { return s.(Gridder).ExpandGrid(file) })
	props.Demand(t, c, len(g.Specs) > 0 && len(g.Hashes) == len(g.Specs) && len(g.Labels) == len(g.Specs), "grid", "a hash and a label for each of its cells", jsonOf(g))
	seen := map[string]bool{}
	for _, h := range g.Hashes {
		props.Demand(t, c, len(h) == 64 && !seen[h], "hash of a cell", "its own", h)
		seen[h] = true
	}
	return g
}

func gridProduct(t *rapid.T, s props.Subject) {
	f := drawSweep(t, 12)
	want, repeated := f.expand(t)
	inFolder(t, func(folder string) {
		for name, text := range map[string]string{"a.yaml": f.yaml(), "b.json": f.json()} {
			g := askGrid(t, s, f.text(), fileIn(t, folder, name, []byte(text)))
			sameJSON(t, f.text(), "cells", g.Specs, want)
			props.Demand(t, f.text(), g.Duplicates == repeated, "repeated cells", strconv.Itoa(repeated), strconv.Itoa(g.Duplicates))
			props.Demand(t, f.text(), g.Invalid == "", "invalid cell", "none", g.Invalid)
		}
	})
}

func gridCommutes(t *rapid.T, s props.Subject) {
	f := drawSweep(t, 12)
	larger := f.shuffled(t)
	more := rapid.IntRange(0, 2).Draw(t, "more cells")
	for range more {
		larger.cells = append(slices.Clip(larger.cells), []setting{{"seed", strconv.Itoa(rapid.IntRange(5, 9).Draw(t, "seed"))}})
	}
	inFolder(t, func(folder string) {
		c := f.text().Where("then %s", larger.json())
		small := askGrid(t, s, c, fileIn(t, folder, "small.yaml", []byte(f.yaml())))
		large := askGrid(t, s, c, fileIn(t, folder, "large.yaml", []byte(larger.yaml())))
		at := map[string]experiment.Spec{}
		for i, h := range large.Hashes {
			at[h] = large.Specs[i]
		}
		for i, h := range small.Hashes {
			sameJSON(t, c, "cell of the same hash", at[h], small.Specs[i])
		}
		props.Demand(t, c, len(large.Specs) <= len(small.Specs)+more, "cells", "at most "+strconv.Itoa(len(small.Specs)+more), strconv.Itoa(len(large.Specs)))
	})
}

func gridLabels(t *rapid.T, s props.Subject) {
	f := drawSweep(t, 12)
	inFolder(t, func(folder string) {
		g := askGrid(t, s, f.text(), fileIn(t, folder, "a.yaml", []byte(f.yaml())))
		var varied []string
		for _, field := range experiment.FieldNames() {
			values := map[string]bool{}
			for _, spec := range g.Specs {
				var one map[string]any
				decode(t, jsonOf(spec), &one)
				values[jsonOf(one[field])] = true
			}
			if len(values) > 1 {
				varied = append(varied, field)
			}
		}
		props.Equal(t, f.text(), "varied fields", g.Varied, varied)
		seen := map[string]bool{}
		for _, label := range g.Labels {
			props.Demand(t, f.text(), !seen[label], "label of a cell", "its own", label)
			seen[label] = true
			for _, field := range varied {
				props.Demand(t, f.text(), strings.Contains(label, field+"="), "label of a cell", "with "+field, label)
			}
		}
	})
}

func gridMistakes(t *rapid.T, s props.Subject) {
	f := drawSweep(t, 4)
	base, grid, cells := f.parts()
	field := rapid.SampledFrom([]string{"seed", "graph", "steps", "heads"}).Draw(t, "field")
	text, parts := f.yaml(), []string{field}
	switch rapid.SampledFrom([]string{"unknown", "empty list", "no list", "twice", "both set", "many", "none", "part twice", "wrong kind", "strange part",
		"documents", "list", "graph file", "prior file", "infinite", "alpha twice", "no name", "nothing", "alpha", "mistyped", "invalid"}).Draw(t, "mistake") {
	case "unknown":
		text, parts = fmt.Sprintf("grid: {%ss: [1]}", field), []string{field + "s", "unknown"}
	case "empty list":
		text = fmt.Sprintf("grid: {%s: []}", field)
	case "no list":
		text = fmt.Sprintf("grid: {%s: 1}", field)
	case "twice":
		text, parts = "grid: {x: [{seed: 1}], x: [{steps: 2}]}", []string{"x", "twice"}
	case "both set":
		text, parts = "grid: {steps: [1, 2], x: [{steps: 3}]}", []string{"steps", `"x"`}
	case "many":
		numbers := strings.TrimSuffix(strings.Repeat("1, ", 400), ", ")
		text, parts = fmt.Sprintf("grid: {seed: [%s], steps: [%s]}", numbers, numbers), []string{"100000"}
	case "none":
		text, parts = "base: "+base, []string{"no cells"}
	case "part twice":
		text, parts = text+"base: "+base+"\n", []string{"base"}
	case "wrong kind":
		text, parts = "grid: "+cells, []string{"grid", "mapping"}
	case "strange part":
		text, parts = "grids: "+grid, []string{"grids"}
	case "documents":
		text, parts = text+"---\n"+text, []string{"document"}
	case "list":
		text, parts = "- "+field, []string{"mapping"}
	case "nothing":
		text, parts = "", []string{"empty"}
	case "graph file":
		text, parts = "base: "+base+"\ncells: [{seed: 1}, {graph: '@absent.json'}]", []string{"cell 1", "absent.json"}
	case "prior file":
		text, parts = "base: "+base+"\ngrid: {prior: ['point:absent.csv']}", []string{"cell 0", "absent.csv"}
	case "infinite":
		text, parts = "base: "+base+"\ngrid: {lr: [1, .inf]}", []string{"cell 1", "lr"}
	case "alpha twice":
		text, parts = "grid: {alpha: [1], prior: ['dirichlet:2']}", []string{"alpha", "prior"}
	case "no name":
		text, parts = fmt.Sprintf("grid: {x: [%s]}", field), []string{"x", "mappings"}
	case "alpha":
		text, parts = "grid: {alpha: [much]}", []string{"alpha", "much"}
	case "mistyped":
		text = fmt.Sprintf("cells: [{%s: {a: 1}}]", field)
	case "invalid":
		text, parts = "base: "+base+"\ngrid: {lr: [1, -1], seed: [4, 5]}", []string{"cell 2", "lr=-1", "seed=4"}
	}
	inFolder(t, func(folder string) {
		c := props.Case{}.Where("sweep file %s", text[:min(len(text), 999)])
		file := fileIn(t, folder, "sweep.yaml", []byte(text))
		refuses(t, c, "sweep file", func() error {
			g, err := s.(Gridder).ExpandGrid(file)
			if err == nil && g.Invalid != "" {
				return fmt.Errorf("%s", g.Invalid)
			}
			return err
		}, append(parts, file)...)
	})
}

func gridAltered(t *rapid.T, s props.Subject) {
	f := drawSweep(t, 4)
	text := altered(t, []byte(f.yaml()))
	c := props.Case{}.Where("sweep file %q", text)
	inFolder(t, func(folder string) {
		file := fileIn(t, folder, "sweep.yaml", text)
		if _, err := props.Guarded(func() (Grid, error) { return s.(Gridder).ExpandGrid(file) }); err != nil {
			refuses(t, c, "sweep file", func() error { return err }, file)
			return
		}
		g := askGrid(t, s, c, file)
		seen := map[string]bool{}
		for _, spec := range g.Specs {
			props.Demand(t, c, !seen[jsonOf(spec)], "cells", "each once", jsonOf(spec))
			seen[jsonOf(spec)] = true
		}
		props.Demand(t, c, g.Invalid == "" || !strings.Contains(g.Invalid, "\n"), "invalid cell", "one line", g.Invalid)
	})
}

func shardsPartition(t *rapid.T, s props.Subject) {
	cells, of := rapid.IntRange(0, 30).Draw(t, "cells"), rapid.IntRange(1, 12).Draw(t, "shards")
	c := props.Case{}.Where("%d cells in %d shards", cells, of)
	deal := func(shard string) []int {
		return props.Ask(t, c, "cells of shard "+shard, func() ([]int, error) { return s.(Gridder).DealCells(cells, shard) })
	}
	var all []int
	for k := range of {
		own := deal(fmt.Sprintf("%d/%d", k+1, of))
		props.Demand(t, c, len(own) == cells/of || len(own) == (cells-1)/of+1, "cells of a shard", "as many as of the others", strconv.Itoa(len(own)))
		props.Demand(t, c, slices.IsSorted(own), "cells of a shard", "in order", fmt.Sprint(own))
		all = append(all, own...)
	}
	slices.Sort(all)
	props.Equal(t, c, "cells of all shards", all, props.Identity(cells))
	props.Equal(t, c, "cells without a shard", deal(""), props.Identity(cells))
	for _, wrong := range []string{fmt.Sprintf("%d/%d", of+1, of), fmt.Sprintf("0/%d", of), "-1/2", "1", "x/2", "1/x", "1/2/3", "1/1000000000"} {
		refuses(t, c, "shard", func() error { _, err := s.(Gridder).DealCells(cells, wrong); return err }, wrong)
	}
}
