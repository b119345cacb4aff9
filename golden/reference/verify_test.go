package reference

import (
	"math"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"causalgrad/impl/model"
	"causalgrad/impl/task"

	"github.com/stretchr/testify/require"
)

func TestEveryShippedFileVerifies(t *testing.T) {
	for _, name := range Files() {
		r, err := Verify(name, Options{})
		require.NoError(t, err)
		require.Equal(t, name, r.File)
		require.NotEmpty(t, r.Rows)
		for _, row := range r.Rows {
			requireJudged(t, true, row, "%s", name)
			require.Positive(t, row.Values, "%s: numbers compared in row %q", name, row.Quantity)
			require.NotEqual(t, "fields not in the schema", row.Quantity, "%s: %s", name, row.Note)
			if row.Tier != Information {
				require.NotEmpty(t, row.ToleranceWhy, "%s: why row %q has its tolerance", name, row.Quantity)
			}
		}
	}
}

func TestEveryNumberOfAFileIsCounted(t *testing.T) {
	// Case a: 8 x 3 outputs, one loss, a gradient of 9x9 + 18x18 + 36x3, each at
	// three points; five steps of the same parameters in three runs.
	points, err := Verify("vec_a.json", Options{})
	require.NoError(t, err)
	require.Equal(t, 3*(24+1+513), values(points))
	runs, err := Verify("vec_f.json", Options{})
	require.NoError(t, err)
	require.Equal(t, 3*(5+6+5*513+513+1), values(runs))
}

func values(r Report) int {
	n := 0
	for _, row := range r.Rows {
		n += row.Values
	}
	return n
}

func TestVerifyReadsAUsersPath(t *testing.T) {
	d := open(t, "vec_a.json")
	d.add(t, "points.1.loss", 1)
	name := filepath.Join(t.TempDir(), "mine.json")
	require.NoError(t, os.WriteFile(name, d.bytes(t), 0o600))
	r, err := Verify(name, Options{})
	require.NoError(t, err)
	require.Equal(t, []string{"zeros: loss"}, failed(r))
	require.False(t, r.Pass())
}

// tilted is a model with a gradient that is off by one part in 1e9.
type tilted struct{ model.Model }

func (m tilted) NewPass() model.Pass { return tiltedPass{m.Model.NewPass()} }

type tiltedPass struct{ model.Pass }

func (p tiltedPass) NewWorker() model.Worker { return tiltedWorker{p.Pass.NewWorker()} }

type tiltedWorker struct{ model.Worker }

func (w tiltedWorker) LossGradient(b *task.Batch, gradient []float64) float64 {
	loss := w.Worker.LossGradient(b, gradient)
	for i := range gradient {
		gradient[i] *= 1 + 1e-9
	}
	return loss
}

func TestTheModelGivenIsTheOneVerified(t *testing.T) {
	wrong := Options{NewModel: func(a Architecture) (model.Model, error) {
		m, err := DefaultModel(a)
		return tilted{m}, err
	}}
	r, err := Verify("vec_a.json", wrong)
	require.NoError(t, err)
	require.Equal(t, []string{"random0.3: gradient", "zeros: gradient", "random1.0: gradient"}, failed(r))
}

func TestAModelOfAnotherShapeIsAnError(t *testing.T) {
	_, err := Verify("vec_a.json", Options{NewModel: func(a Architecture) (model.Model, error) {
		return model.NewDisentangled(a.Tokens, a.Length+1, a.Heads)
	}})
	require.EqualError(t, err, "file vec_a.json: parameters: A0.0 has 81 numbers in the file and 100 in the model")
	_, err = Verify("vec_e.json", Options{NewModel: func(a Architecture) (model.Model, error) {
		return model.NewDisentangled(a.Tokens, a.Length, a.Heads)
	}})
	require.EqualError(t, err, "file vec_e.json: parameters: the file has 15 arrays, the model 3")
}

func TestNumbersThatOverflowFailTheirRow(t *testing.T) {
	d := open(t, "vec_a.json")
	d.set(t, "points.0.params.W.0.0", 1e308)
	d.set(t, "points.0.params.W.3.0", 1e308)
	d.set(t, "points.0.params.A.0.0.0.0", -1e308)
	r := d.check(t, Options{})
	require.Contains(t, failed(r), "random0.3: outputs")
	require.NotContains(t, failed(r), "zeros: outputs")
}

func TestReportsDoNotDependOnTheNumberOfWorkers(t *testing.T) {
	one := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(one)
	o := Options{Sequences: 1500, Seed: 3}
	alone, err := Verify("traj_random1.json", o)
	require.NoError(t, err)
	runtime.GOMAXPROCS(5)
	together, err := Verify("traj_random1.json", o)
	require.NoError(t, err)
	require.Equal(t, alone, together)
	o.Seed = 4
	other, err := Verify("traj_random1.json", o)
	require.NoError(t, err)
	require.NotEqual(t, alone, other)
}

func TestSequencesAreBounded(t *testing.T) {
	for _, n := range []int{-1, 1, maxSequences + 1} {
		_, err := Verify("traj_chain.json", Options{Sequences: n})
		require.ErrorContains(t, err, "want 2 to 1048576")
	}
}

func TestComparisonRejectsNaNAndUnequalLengths(t *testing.T) {
	var c comparison
	c.add("good", []float64{1, 2}, []float64{1, 2})
	requireJudged(t, true, c.rounding("q", 0, ""), "equal numbers")
	c.add("bad", []float64{math.NaN()}, []float64{1})
	c.add("good again", []float64{1}, []float64{1})
	row := c.rounding("q", 1, "")
	requireJudged(t, false, row, "a NaN")
	require.Equal(t, "worst in bad", row.Note)
	requireJudged(t, false, c.exact("q", ""), "a NaN")
	var short comparison
	short.add("short", []float64{1}, []float64{1, 1})
	requireJudged(t, false, short.rounding("q", 1, ""), "1 number for 2")
}
