package figure

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"causalgrad/impl/experiment"
	"causalgrad/impl/measure"
	"causalgrad/impl/model"
	"causalgrad/theory/certify"
	"causalgrad/theory/graph"

	"github.com/stretchr/testify/require"
)

// document is what the tests read of an SVG.
type document struct {
	XMLName    xml.Name `xml:"svg"`
	Role       string   `xml:"role,attr"`
	LabelledBy string   `xml:"aria-labelledby,attr"`
	ViewBox    string   `xml:"viewBox,attr"`
	Title      string   `xml:"title"`
	Desc       string   `xml:"desc"`
	texts      []string
	paths      int
}

func parse(t *testing.T, data []byte) document {
	t.Helper()
	var d document
	require.NoError(t, xml.Unmarshal(data, &d))
	decoder := xml.NewDecoder(bytes.NewReader(data))
	inText := false
	for {
		token, err := decoder.Token()
		if err != nil {
			break
		}
		switch token := token.(type) {
		case xml.StartElement:
			inText = token.Name.Local == "text"
			if token.Name.Local == "path" {
				d.paths++
			}
		case xml.CharData:
			if text := strings.TrimSpace(string(token)); inText && text != "" {
				d.texts = append(d.texts, text)
			}
		}
	}
	return d
}

// What each figure must say: axes with units, blocks, legend entries.
var labels = map[string][]string{
	"losses":     {"Losses", "gradient steps (logarithmic)", "loss (nats)", "0", "100", "made-up, seed 2", "L* (irreducible loss)", "count estimator", "best single-parent estimator"},
	"weights":    {"graph", "parent j", "child i", "A0.0", "A1.0", "W, transposed", "tok", "pos", "weight", "key features of x", "key features of x, A0.0 x", "features of x, A0.0 x, A1.0 x, A1.0 A0.0 x"},
	"attention":  {"child position i (0-based)", "attention on the parent", "ours: mean, ± 1 sd over 2 runs", "published: mean, ± 1 sd over 1 run"},
	"edges":      {"edge: child i above its parent j (0-based)", "attention on the parent", "mean over data", "position block alone"},
	"shifted":    {"prior of the test chains", "loss (nats)", "dirichlet:3", "near-deterministic:0.95,1", "model", "L*", "uniform guessing (log S)"},
	"first-step": {"exact gradient on A1", "chi-square information, k < i", "query position i (0-based)", "information (dimensionless)", "entry / largest of its row"},
	"rate":       {"sequence length T (logarithmic)", "L − L* (nats, logarithmic)", "64", "0.1", "measured, 95% interval"},
	"forests":    {"published forest", "mean deficit over the edges", "our seeds", "published output"},
	"certified":  {"a = P(1 | 0)", "b = P(0 | 1)"},
}

func TestEveryFigureNamesItsAxesAndIsAccessible(t *testing.T) {
	for _, f := range every(t) {
		t.Run(f.ID, func(t *testing.T) {
			data, err := f.SVG()
			require.NoError(t, err)
			d := parse(t, data)
			require.Equal(t, "img", d.Role)
			require.Equal(t, f.ID+"-title "+f.ID+"-desc", d.LabelledBy)
			require.Equal(t, f.Title, d.Title)
			require.Equal(t, f.Alt, d.Desc)
			require.True(t, strings.HasSuffix(f.Alt, "."), "one sentence: %s", f.Alt)
			width, height := f.Size()
			require.Equal(t, fmt.Sprintf("0 0 %g %g", width, height), d.ViewBox)
			require.NotEmpty(t, labels[f.ID])
			for _, want := range labels[f.ID] {
				require.Contains(t, d.texts, want)
			}
			require.NotContains(t, string(data), "NaN")
			require.Contains(t, string(data), fallbacks)
		})
	}
}

func TestBytesAreAFunctionOfTheData(t *testing.T) {
	first, second := every(t), every(t)
	for i, f := range first {
		renders := map[string]func(Figure) ([]byte, error){"svg": Figure.SVG}
		if f.ID == "rate" { // the PNG's pixels are the slow part and come from the same drawing
			renders["png"] = Figure.PNG
		}
		for name, render := range renders {
			a, err := render(f)
			require.NoError(t, err)
			b, err := render(second[i])
			require.NoError(t, err)
			require.True(t, bytes.Equal(a, b), "%s as %s differs when made again", f.ID, name)
		}
	}
	changed := record(1)
	changed.Curve[3].Loss += 0.05
	a, err := Losses("losses", "Losses", []experiment.Record{record(1)}, nil)
	require.NoError(t, err)
	b, err := Losses("losses", "Losses", []experiment.Record{changed}, nil)
	require.NoError(t, err)
	plain, err := a.SVG()
	require.NoError(t, err)
	moved, err := b.SVG()
	require.NoError(t, err)
	require.NotEqual(t, plain, moved)
}

// Nothing is clipped: what sticks out of the figure would blacken its outermost
// pixels, since the border around all panels is 10 points wide.
func TestNothingTouchesTheRim(t *testing.T) {
	const rim = 6 // pixels of the 20 of the border
	for _, f := range every(t) {
		data, err := f.PNG()
		require.NoError(t, err)
		picture, err := png.Decode(bytes.NewReader(data))
		require.NoError(t, err)
		width, height := f.Size()
		size := picture.Bounds().Size()
		require.Equal(t, image.Pt(int(2*width), int(2*height)), size, "144 pixels an inch are 2 a point")
		for x := range size.X {
			for y := range size.Y {
				inside := x >= rim && x < size.X-rim && y >= rim && y < size.Y-rim
				if !inside && !white(picture.At(x, y)) {
					t.Fatalf("%s: ink at (%d, %d) of %v", f.ID, x, y, size)
				}
			}
		}
	}
}

func white(c color.Color) bool {
	r, g, b, _ := c.RGBA()
	return r == 0xffff && g == 0xffff && b == 0xffff
}

func TestSaveWritesAllFormats(t *testing.T) {
	f, err := Rate("rate", "Rate", ladder(), nil, "no single power")
	require.NoError(t, err)
	folder := filepath.Join(t.TempDir(), "figures")
	require.NoError(t, f.Save(folder))
	svg, err := os.ReadFile(filepath.Join(folder, "rate.svg"))
	require.NoError(t, err)
	want, err := f.SVG()
	require.NoError(t, err)
	require.Equal(t, want, svg)
	require.FileExists(t, filepath.Join(folder, "rate.png"))
	require.FileExists(t, filepath.Join(folder, "rate.pdf"))
	_, err = f.Render("eps")
	require.ErrorContains(t, err, `"eps"`)
}

func TestFiguresSayWhatTheyShow(t *testing.T) {
	alts := map[string]string{}
	for _, f := range every(t) {
		alts[f.ID] = f.Alt
	}
	for _, c := range []struct{ id, want string }{
		{"forests", "Mean deficit of 2 published forests: 3 runs of ours as columns of dots, the published value of each, and 1 runs of the official code."},
		{"rate", "from 0.25 nats at T = 16 to 0.0312 at T = 128; T^-1"},
		{"weights", "which has 4 edges; in 4 of them the parent has the largest"},
		{"first-step", "with the 4 true edges framed"},
		{"shifted", "furthest above the matching count estimator on dirichlet:3, by 0.600 nats"},
		{"attention", "ours, 8 edges in 2 runs with mean weight 0.815"},
		{"losses", "it goes from 1.110 to 0.710 nats, where L* is 0.250 and the count estimator has 0.600; the best estimator that sees one parent has 0.900"},
	} {
		require.Contains(t, alts[c.id], c.want)
	}
}

func TestUndrawableDataIsAnError(t *testing.T) {
	f := graph.Manual()
	layout, params := disentangled(t, f)
	bad := append([]float64(nil), params...)
	bad[5] = nan
	noCurve, badCurve, badLoss := record(1), record(1), record(1)
	noCurve.Curve, badCurve.Curve[1].Loss, badLoss.Shifted[1].Loss.Value = nil, nan, nan
	badEdge := edges(1)
	badEdge.Weights[0].Weight = nan
	few := edges(1)
	few.Weights = few.Weights[1:]
	gradient, information := firstStep(t, f)
	mlp, err := model.NewTransformer(2, 6, 2)
	require.NoError(t, err)
	chain, err := graph.Chain(9)
	require.NoError(t, err)
	for _, c := range []struct {
		want string
		err  error
	}{
		{"no records", failure(Losses("f", "F", nil, nil))},
		{"has no curve", failure(Losses("f", "F", []experiment.Record{noCurve}, nil))},
		{"NaN", failure(Losses("f", "F", []experiment.Record{badCurve}, nil))},
		{"NaN", failure(Losses("f", "F", []experiment.Record{record(1)}, &measure.Mean{Value: nan}))},
		{"NaN", failure(Weights("f", "F", layout, bad, 2, 6, f))},
		{"5 parameters, want", failure(Weights("f", "F", layout, params[:5], 2, 6, f))},
		{"graph of length 9, want 6", failure(Weights("f", "F", layout, params, 2, 6, chain))},
		{`block "wte"`, failure(Weights("f", "F", mlp.Layout(), make([]float64, mlp.Layout().Size()), 2, 6, f))},
		{"no series", failure(AttentionByPosition("f", "F", nil))},
		{"no edges", failure(AttentionByPosition("f", "F", []AttentionSeries{{Name: "ours"}}))},
		{"NaN", failure(AttentionByPosition("f", "F", []AttentionSeries{{"ours", []measure.Edges{badEdge}}}))},
		{"no edges", failure(Edges("f", "F", nil, measure.Edges{}))},
		{"3 edges in the position block, want 4", failure(Edges("f", "F", &few, edges(1)))},
		{"NaN", failure(Edges("f", "F", nil, badEdge))},
		{"no out-of-distribution losses", failure(Shifted("f", "F", experiment.Record{}))},
		{"model on dirichlet:3[0] = NaN", failure(Shifted("f", "F", badLoss))},
		{"gradient has 5 rows, want 6", failure(FirstStep("f", "F", "exact gradient on A1", f, gradient[:5], information))},
		{"information has 6 rows, want 5", failure(FirstStep("f", "F", "exact gradient on A1", f, gradient, gradient))},
		{"figure f", failure(Rate("f", "F", ladder()[:1], nil, ""))},
		{"the map has no cells", failure(Certified("f", "F", certify.Map{}))},
		{"want a slug", failure(Rate("No Slug", "F", ladder(), nil, "no single power"))},
		{"has no title", failure(Rate("f", "", ladder(), nil, "no single power"))},
		{"nothing to draw", Figure{ID: "f", Title: "F", Alt: "A."}.Check()},
	} {
		require.ErrorContains(t, c.err, c.want)
	}
}

func failure(_ Figure, err error) error { return err }
