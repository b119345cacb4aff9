package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"causalgrad/impl/experiment"
	"causalgrad/impl/measure"
	"causalgrad/reports/evidence"

	"github.com/stretchr/testify/require"
)

// TestFigures: three files a figure, as wide as asked for, with a caption on standard
// error, and the answer as without them.
func TestFigures(t *testing.T) {
	line := strings.Fields("gradient --graph parents:-1,0,0 --prior orbit:1,7")
	folder := filepath.Join(t.TempDir(), "new")
	a := ask(append(line, "--figures", folder, "--figure-width", "2.5")...)
	require.Zero(t, a.code, a.err)
	require.Equal(t, ask(line...).out, a.out)
	require.Contains(t, a.err, "first-step.pdf (.svg, .png): The exact gradient on A1 and")
	for _, ending := range []string{"svg", "png", "pdf"} {
		require.FileExists(t, filepath.Join(folder, "first-step."+ending))
	}
	pdf, err := os.ReadFile(filepath.Join(folder, "first-step.pdf"))
	require.NoError(t, err)
	require.True(t, bytes.Contains(pdf, []byte("/MediaBox [0 0 180.00 ")), "2.5 inches")

	requireRefused(t, ask(append(line, "--figure-width", "3")...), "--figure-width 3", "--figures DIR")
	requireRefused(t, ask(append(line, "--figures", folder, "--figure-width", "99")...), "--figure-width: 99 inches wide, want 2 to 20")
	requireRefused(t, ask(append(line, "--figures", filepath.Join(file(t, "plain", ""), "below"))...), "not a directory")
}

// TestCommandsWithFigures names them; whoever adds one adds it here and to the manual.
func TestCommandsWithFigures(t *testing.T) {
	var names []string
	for _, c := range newRoot().Commands() {
		if c.Flags().Lookup("figures") != nil {
			names = append(names, c.Name())
		}
	}
	slices.Sort(names)
	require.Equal(t, []string{"check", "dynamics", "gradient", "infer", "sweep", "train", "verify"}, names)
	manual, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	require.NoError(t, err)
	for _, name := range names {
		require.Regexp(t, "(?s)## Figures and tables for your own paper.*`"+name+"`.*## ", string(manual))
	}
}

// TestFiguresOfATraining: the weights only of models that have such blocks, and nothing
// of a run that diverged.
func TestFiguresOfATraining(t *testing.T) {
	edges := measure.Edges{Weights: []measure.EdgeWeight{{Child: 1, Weight: 0.5}}}
	spec := experiment.Default()
	spec.ID, spec.Graph, spec.Length, spec.Tokens, spec.Prior, spec.Steps = "mine", "parents:-1,0", 3, 2, "dirichlet:1", 1
	r := experiment.Record{Spec: spec, Edges: experiment.EdgeReport{Attention: edges}, Curve: []experiment.CurvePoint{{Loss: 1}, {Step: 1, Loss: 0.9}}}
	m, err := spec.NewModel()
	require.NoError(t, err)
	names := func(d trainDocument) (list []string) {
		all, err := d.Figures()
		require.NoError(t, err)
		for _, f := range all {
			list = append(list, f.ID)
		}
		return list
	}
	require.Equal(t, []string{"losses", "edges", "weights"}, names(trainDocument{r, make([]float64, m.Layout().Size())}))
	r.Spec.Model = "transformer"
	r.Shifted = []measure.Losses{{Prior: "dirichlet:2"}}
	require.Equal(t, []string{"losses", "edges", "shifted"}, names(trainDocument{r, nil}))
	r.Final.Loss.Value = 1e6
	require.Empty(t, names(trainDocument{r, nil}))
}

// TestFigureOfASweep: cells without a record are left out.
func TestFigureOfASweep(t *testing.T) {
	d := sweepDocument{evidence.SweepReport{Cells: []evidence.SweepCell{{}, {Index: 1, Final: &measure.Losses{Gap: measure.Mean{Value: 1}}}}}}
	all, err := d.Figures()
	require.NoError(t, err)
	require.Contains(t, all[0].Alt, "for 1 cell of")
	d.Cells = d.Cells[:1]
	all, err = d.Figures()
	require.NoError(t, err)
	require.Empty(t, all)
}

// TestCurvesOfStage1: of many edges some are drawn, the first and the last among them.
func TestCurvesOfStage1(t *testing.T) {
	d := &dynamicsDocument{Steps: []dynamicsStep{{0, square(12)}, {5, square(12)}}}
	for child := 1; child < 12; child++ {
		d.Rows = append(d.Rows, dynamicsRow{Child: child, Parent: child - 1})
	}
	all, err := d.Figures()
	require.NoError(t, err)
	require.Equal(t, mostCurves, strings.Count(all[0].Alt, "→"))
	require.Contains(t, all[0].Alt, "0 → 1 ")
	require.Contains(t, all[0].Alt, "10 → 11 ")
}

func square(n int) [][]float64 {
	m := make([][]float64, n)
	for i := range m {
		m[i] = make([]float64, n)
	}
	return m
}
