package reference

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestEveryRoundingRowCanFail moves one number of a file by three times
// the row's tolerance, which must fail that row, and by 0.3 of it, which
// must not. scale is the largest magnitude of the array the number is in; 0
// means the number itself.
func TestEveryRoundingRowCanFail(t *testing.T) {
	reports := map[string]Report{}
	for _, c := range []struct {
		file, path, row string
		scale           float64
	}{
		{"vec_a.json", "points.0.f.7.2", "random0.3: outputs", 1},
		{"vec_a.json", "points.0.loss", "random0.3: loss", 0},
		{"vec_a.json", "points.2.grad.A.1.0.3.4", "random1.0: gradient", 0.108},
		{"vec_b.json", "points.0.grad.A.0.1.7.7", "random0.3: gradient", 0.041},
		{"vec_c.json", "points.1.grad.W.9.1", "zeros: gradient", 0.15},
		{"vec_d.json", "points.2.f.0.0", "random1.0: outputs", 1},
		{"vec_e.json", "points.3.grad.mlps.1.0.b.2", "random0.5: gradient", 1.089},
		{"vec_e.json", "points.0.grad.wpe.4.7", "random0.3: gradient", 0.097},
		{"vec_f.json", "runs.0.losses.5", "sgd from zeros, decay 0: losses", 1.0986},
		{"vec_f.json", "runs.1.params_after_step.2.A.0.0.1.1", "sgd from random0.3, decay 0: parameters after each step", 1},
		{"vec_f.json", "runs.2.lr_per_step.3", "sgd from random0.3, decay 0.0002: learning rates", 1},
		{"vec_g.json", "runs.0.losses.3", "adamw from zeros, decay 0.0002: losses", 1.0986},
		{"vec_g.json", "runs.1.params_after_step.4.W.3.1", "adamw from random0.3, decay 0.0002: parameters after each step", 1},
		{"vec_g.json", "runs.1.lr_per_step.4", "adamw from random0.3, decay 0.0002: learning rates", 0.01},
		{"vec_stationary.json", "matrices.39.mu_exact.9", "stationary distribution against exact arithmetic, S = 10", 0},
		{"vec_stationary.json", "matrices.0.mu_exact.0", "stationary distribution against exact arithmetic, S = 2", 0},
		{"vec_stationary.json", "matrices.7.second_smallest_singular_value", "second-smallest singular value of pi^T - I", 0},
		{"vec_bayes.json", "items.1.bayes_nowrap.2.0", "count estimator", 1},
		{"vec_bayes.json", "items.7.loss_nowrap", "count estimator's loss", 0},
		{"vec_bayes.json", "items.2.bayes_official.0.2", "count estimator with the official wrap", 1},
		{"vec_bayes.json", "items.3.loss_official", "its loss", 0},
		{"gradient_examples.json", "1.signal.4.2", "signal", 0.4},
		{"gradient_examples.json", "2.chi2.6.3", "chi-square information", 2},
		{"gradient_examples.json", "0.gradient.4.1", "first-step gradient", 0.00965},
		{"dynamics_examples.json", "0.a1_gradient.5.1", "gradient in A1", 0.0286},
		{"dynamics_examples.json", "1.a2_gradient.2.1", "gradient in A2", 0},
		{"dynamics_examples.json", "0.stage1.first.4.2", "attention in stage 1", 1},
		{"dynamics_examples.json", "1.stage1.attention.5.2", "attention in stage 1", 1},
		{"dynamics_examples.json", "0.irreducible", "count estimator's and irreducible losses", 0},
		{"dynamics_examples.json", "1.count.1.loss", "count estimator's and irreducible losses", 0},
		{"many_graphs.json", "trials.5.mean_delta", "mean deficit of each forest", 0},
		{"traj_chain.json", "A1_pos_softmax.0.19.18", "position-block attention", 1},
		{"traj_chain.json", "edges.posblock.edge_min", "position-block attention on the edges", 0},
		{"traj_random1.json", "trajectory.0.test_loss", "first checkpoint: loss log S, uniform attention", 0},
		{"traj_random1.json", "edges.avg_attn.edge_mean", "summary of the mean attention against the file's own matrix", 0},
	} {
		t.Run(c.file+" "+c.path, func(t *testing.T) {
			if _, done := reports[c.file]; !done {
				reports[c.file] = open(t, c.file).check(t, few)
			}
			tolerance := find(t, reports[c.file], c.row).Tolerance
			require.Positive(t, tolerance)
			for _, move := range []struct {
				factor float64
				pass   bool
			}{{3, false}, {0.3, true}} {
				d := open(t, c.file)
				d.change(t, c.path, func(v any) any {
					x := toFloat(t, v)
					scale := c.scale
					if scale == 0 {
						scale = math.Abs(x)
					}
					return x + move.factor*tolerance*scale
				})
				row := find(t, d.check(t, few), c.row)
				requireJudged(t, move.pass, row, "%s: %s moved by %g tolerances", c.file, c.path, move.factor)
			}
		})
	}
}

// few keeps the sampling of a training run short where it is not the point.
var few = Options{Sequences: 2}

func find(t testing.TB, r Report, quantity string) Row {
	at := slices.IndexFunc(r.Rows, func(row Row) bool { return row.Quantity == quantity })
	require.GreaterOrEqual(t, at, 0, "no row %q in %s", quantity, r.File)
	return r.Rows[at]
}

// requireJudged demands that a row passes or fails, and says what it compared
// where it does not.
func requireJudged(t testing.TB, pass bool, row Row, what string, args ...any) {
	t.Helper()
	if row.Pass == pass {
		return
	}
	verb := map[bool]string{true: "pass", false: "fail"}[pass]
	t.Fatalf("%s: row %q, want it to %s: %d numbers (%s), off by %.3g, relatively %.3g, tolerance %.3g. %s",
		fmt.Sprintf(what, args...), row.Quantity, verb, row.Values, row.Tier, row.MaxAbs, row.MaxRel, row.Tolerance, row.Note)
}

// TestTolerancesAreThese pins what each tolerance comes to, so that none is
// widened unseen.
func TestTolerancesAreThese(t *testing.T) {
	for file, want := range map[string]map[string]string{
		"vec_a.json": {"random0.3: outputs": "1e-10", "random0.3: loss": "1e-10", "random0.3: gradient": "1e-10"},
		"vec_f.json": {"sgd from zeros, decay 0: losses": "1e-10", "sgd from zeros, decay 0: parameters after each step": "1e-10",
			"sgd from zeros, decay 0: learning rates": "8.9e-16"},
		"vec_g.json": {"adamw from zeros, decay 0.0002: losses": "1e-09", "adamw from zeros, decay 0.0002: parameters after each step": "1e-09"},
		"vec_stationary.json": {"stationary distribution against exact arithmetic, S = 2": "1.8e-15", "stationary distribution against exact arithmetic, S = 10": "2.2e-13",
			"second-smallest singular value of pi^T - I": "7.3e-13"},
		"vec_bayes.json":         {"count estimator": "1e-12", "its loss": "1e-12"},
		"gradient_examples.json": {"signal": "1e-12", "chi-square information": "1e-12", "first-step gradient": "1e-12"},
		"dynamics_examples.json": {"gradient in A1": "1e-10", "gradient in A2": "1e-10", "attention in stage 1": "1e-10"},
		"many_graphs.json":       {"mean deficit of each forest": "1.2e-06", "mean weight over forests": "6e-06", "standard deviation over forests": "9.3e-06"},
		// Margins of 16384 against 16384 sequences: 9.5 sqrt(2/16384) = 0.105 of log 3 or 1/2.
		"traj_chain.json": {"position-block attention": "1.7e-06", "first checkpoint: loss log S, uniform attention": "1.4e-06",
			"summary of the mean attention against the file's own matrix": "4.4e-15", "loss of the final parameters": "0.12",
			"loss minus count estimator's": "0.12", "sup error": "0.052", "mean attention on data": "0.1"},
	} {
		r, err := Verify(file, Options{})
		require.NoError(t, err)
		for row, tolerance := range want {
			require.Equal(t, tolerance, fmt.Sprintf("%.2g", find(t, r, row).Tolerance), "%s: %s", file, row)
		}
	}
}

func TestEveryExactRowCanFail(t *testing.T) {
	for _, c := range []struct {
		file, path, row string
		by              float64
	}{
		{"vec_f.json", "runs.0.final_loss", "sgd from zeros, decay 0: final_params and final_loss", 1e-15},
		{"vec_g.json", "runs.1.final_params.A.1.0.3.3", "adamw from random0.3, decay 0.0002: final_params and final_loss", 1e-12},
		{"vec_stationary.json", "matrices.16.mu_official_float32.1", "recorded errors of the official distributions", 1e-6},
		{"vec_stationary.json", "matrices.3.max_abs_err_official64", "recorded errors of the official distributions", 1e-16},
		{"vec_bayes.json", "items.1.n_sequences_where_they_differ", "sequences on which the two differ", 1},
		{"traj_chain.json", "final_test_loss", "last checkpoint against the final values", 1e-7},
		{"traj_chain.json", "trajectory.17.avg_attn.edge_mean", "last checkpoint against the final values", 1e-7},
		{"traj_random1.json", "edges.posblock.argmax_acc", "share of edges with the largest attention of their row", -0.125},
	} {
		d := open(t, c.file)
		d.add(t, c.path, c.by)
		row := find(t, d.check(t, few), c.row)
		requireJudged(t, false, row, "%s: %s moved by %g", c.file, c.path, c.by)
		require.Equal(t, Exact, row.Tier)
	}
}

func TestThePublishedFiguresCanFail(t *testing.T) {
	// Half a unit of the last digit of the mean over 20 forests is 1e-4 of one
	// forest's mean; of the deviation, 1e-5 (times the forest's own deviation).
	d := open(t, "many_graphs.json")
	d.add(t, "trials.0.mean_delta", 3e-4)
	require.Subset(t, failed(d.check(t, Options{})),
		[]string{"mean deficit of each forest", "mean weight over forests", "standard deviation over forests"})

	d = open(t, "many_graphs.json") // an edge that would count as learned
	d.set(t, "trials.9.edges.4.delta", 0.2)
	require.Contains(t, failed(d.check(t, Options{})), "edges with less than half the attention")

	d = open(t, "many_graphs.json")
	d.change(t, "trials", func(v any) any { return v.([]any)[:19] })
	require.Subset(t, failed(d.check(t, Options{})), []string{"forests", "edges"})
}

func TestTheUnlearnedEdgesAreThoseOfTheTable(t *testing.T) {
	table, err := ManyGraphs()
	require.NoError(t, err)
	require.Len(t, table.Trials, 20)
	var got []string
	for _, u := range table.Unlearned() {
		got = append(got, fmt.Sprintf("%d: %d->%d %.2f", u.Trial, u.Parent, u.Child, u.Weight()))
	}
	require.Equal(t, []string{"9: 0->11 0.22", "12: 0->18 0.09", "13: 0->10 0.21", "13: 0->18 0.07", "15: 0->15 0.12", "19: 1->18 0.09"}, got)
}

// TestOneMovedParameterFailsTheRun: the final parameters determine everything
// that is compared after them.
func TestOneMovedParameterFailsTheRun(t *testing.T) {
	d := open(t, "traj_chain.json")
	d.add(t, "final_params.A.0.0.7.6", 0.01) // position 4 attends to position 3
	require.Equal(t, []string{"position-block attention", "position-block attention on the edges"}, failed(d.check(t, Options{Sequences: 512})))
	d = open(t, "traj_chain.json")
	d.add(t, "final_params.W.46.0", 3)
	require.Contains(t, failed(d.check(t, Options{})), "loss of the final parameters")
}

// TestTheWrapIsReportedWhereItActs names the four items on which the official
// estimator differs, with both losses.
func TestTheWrapIsReportedWhereItActs(t *testing.T) {
	r, err := Verify("vec_bayes.json", Options{})
	require.NoError(t, err)
	var known []string
	for _, row := range r.Rows {
		if row.Tier == Information {
			known = append(known, row.Quantity)
			require.Contains(t, row.Note, "loss")
		}
	}
	require.Equal(t, []string{
		"known discrepancy: official wrap, items[1] (icl)",
		"known discrepancy: official wrap, items[2] (random)",
		"known discrepancy: official wrap, items[3] (random)",
		"known discrepancy: official wrap, items[4] (allroots)"}, known)
	require.Contains(t, find(t, r, known[0]).Note, "loss 0.551652 with the wrap, 0.595453 without, 4 of 8")
}
