// Package sweep describes grids of training runs: a YAML file expands to cells,
// each of which is an experiment.Spec whose record an experiment.Store keeps.
// Cells run here, in shards on several machines, or as a Slurm job array; the
// records are the same bits.
//
// It never keeps results of its own: what is done is what the store holds. It
// has no counterpart in the paper.
package sweep

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"causalgrad/impl/experiment"
	"causalgrad/theory/suggest"

	"go.yaml.in/yaml/v3"
)

// MaxCells bounds the cells of a grid: each has a record, a file.
const MaxCells = 100_000

// DefaultID is the id of cells whose file gives none. It does not depend on the
// file's name or on a cell's place: a spec that two grids share is one record.
const DefaultID = "sweep"

// Cell is one run of a grid.
type Cell struct {
	Index int // in the grid, from 0
	Spec  experiment.Spec
	Hash  string // the spec's: the key of its record
}

// Grid is an expanded sweep file.
type Grid struct {
	File   string // as given
	Source []byte // what the file holds
	Cells  []Cell // the product, the last axis varying fastest, then the explicit cells; each spec once
	// Notes are sentences on what was decided in reading the file and its cells'.
	Notes []string
}

// Load reads a sweep file: a YAML or JSON (.json) mapping of
//
//	base:  fields of a spec, the same for all cells
//	grid:  a list of values for each field; the cells are all combinations
//	cells: a list of further cells, each the fields that differ from base
//
// Fields that nothing sets have experiment.Default's values. The field alpha
// stands for the prior dirichlet:alpha. In grid, a name that is no field holds
// a list of mappings, whose fields go together. Cells are not validated; an
// error names the file, the line, the field and the value.
func Load(name string) (Grid, error) {
	data, err := experiment.ReadFile(name)
	if err != nil {
		return Grid{}, fmt.Errorf("sweep file %s: %w", name, err)
	}
	g := Grid{File: name, Source: data}
	if err := g.parse(); err != nil {
		return Grid{}, fmt.Errorf("sweep file %s: %w", name, err)
	}
	return g, nil
}

// parse expands g.Source.
func (g *Grid) parse() error {
	root, err := experiment.Mapping(g.Source, "base, grid or cells")
	if err != nil {
		return err
	}
	parts := map[string]*yaml.Node{}
	for i := 0; i < len(root.Content); i += 2 {
		key, value := root.Content[i], resolve(root.Content[i+1])
		want, known := map[string]yaml.Kind{"base": yaml.MappingNode, "grid": yaml.MappingNode, "cells": yaml.SequenceNode}[key.Value]
		switch {
		case !known:
			return fmt.Errorf("line %d: %q: unknown, want base, grid or cells%s", key.Line, key.Value, suggest.Meant(key.Value, "base", "grid", "cells"))
		case parts[key.Value] != nil:
			return fmt.Errorf("line %d: %s: given twice", key.Line, key.Value)
		case value.Kind != want:
			return fmt.Errorf("line %d: %s: want a %s", key.Line, key.Value, kindNames[want])
		}
		parts[key.Value] = value
	}
	base := experiment.Default()
	base.ID = DefaultID
	if node := parts["base"]; node != nil {
		if _, err := set(&base, node); err != nil {
			return fmt.Errorf("base: %w", err)
		}
	}
	return g.expand(base, parts["grid"], parts["cells"])
}

var kindNames = map[yaml.Kind]string{yaml.MappingNode: "mapping", yaml.SequenceNode: "list", yaml.ScalarNode: "single value"}

// resolve follows a YAML alias.
func resolve(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

// expand fills g.Cells.
func (g *Grid) expand(base experiment.Spec, grid, cells *yaml.Node) error {
	if grid != nil {
		axes, err := parseAxes(base, grid)
		if err != nil {
			return err
		}
		if err := g.product(base, axes); err != nil {
			return err
		}
	}
	if cells != nil {
		for i, node := range cells.Content {
			s := base
			if _, err := set(&s, resolve(node)); err != nil {
				return fmt.Errorf("cells[%d]: %w", i, err)
			}
			g.Cells = append(g.Cells, Cell{Spec: s})
		}
	}
	if len(g.Cells) == 0 {
		return errors.New("no cells: want a grid or a list of cells")
	}
	if len(g.Cells) > MaxCells {
		return fmt.Errorf("%d cells, want at most %d", len(g.Cells), MaxCells)
	}
	return g.identify()
}

// product appends all combinations of the axes' values.
func (g *Grid) product(base experiment.Spec, axes []axis) error {
	size := 1
	for _, a := range axes {
		if len(a.values) > MaxCells/size {
			return fmt.Errorf("grid: more than %d cells", MaxCells)
		}
		size *= len(a.values)
	}
	g.Cells = make([]Cell, 0, size)
	for i := range size {
		s, rest := base, i
		for k := len(axes) - 1; k >= 0; k-- {
			n := len(axes[k].values)
			axes[k].values[rest%n].apply(&s)
			rest /= n
		}
		g.Cells = append(g.Cells, Cell{Spec: s})
	}
	return nil
}

// identify hashes the cells and drops those that came before.
func (g *Grid) identify() error {
	seen := make(map[string]bool, len(g.Cells))
	kept := g.Cells[:0]
	matrices := map[string][][][]float64{} // each file is read once
	for i, c := range g.Cells {
		if len(c.Spec.Matrices) == 0 {
			c.Spec.Matrices = matrices
		}
		notes, err := c.Spec.WriteOutFiles()
		if err != nil {
			return g.cellError(i, err)
		}
		for _, n := range notes {
			if !slices.Contains(g.Notes, n) {
				g.Notes = append(g.Notes, n)
			}
		}
		maps.Copy(matrices, c.Spec.Matrices)
		if c.Hash, err = c.Spec.Hash(); err != nil {
			return g.cellError(i, err)
		}
		if seen[c.Hash] {
			continue
		}
		seen[c.Hash], c.Index = true, len(kept)
		kept = append(kept, c)
	}
	if n := len(g.Cells); len(kept) < n {
		g.Notes = append(g.Notes, fmt.Sprintf("%d of the file's %d cells came before with the same spec and are left out", n-len(kept), n))
	}
	g.Cells = kept
	return nil
}

// cellError names a cell by its place (from 0) and by what sets it apart.
func (g *Grid) cellError(i int, err error) error {
	return fmt.Errorf("cell %d (%s): %w", i, Label(g.Cells[i].Spec, Varied(g.Cells)), err)
}

// Validate checks the specs of all cells, so that a mistake shows before the
// first run.
func (g *Grid) Validate() error {
	for i, c := range g.Cells {
		if err := c.Spec.Validate(); err != nil {
			return fmt.Errorf("sweep file %s: %w", g.File, g.cellError(i, err))
		}
	}
	return nil
}
