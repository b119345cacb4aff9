package measure

import (
	"fmt"
	"math/cmplx"

	"causalgrad/impl/internal/shard"
	"causalgrad/impl/model"
	"causalgrad/impl/task"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
)

// Spectra is the behaviour of parameters on chains sorted by their spectrum,
// whatever prior they came from: whether what was learned on one prior's
// spectra carries over to others.
type Spectra struct {
	Pool  []string       `json:"pool"` // the priors whose chains were sorted, the same number of each
	Bands []SpectralBand `json:"bands"`
}

// SpectralBand is the mean over the chains of one band. Those of one Kind are
// disjoint; a chain is in one band of every kind.
type SpectralBand struct {
	Kind      string `json:"kind"`
	Name      string `json:"band"`
	Sequences int    `json:"sequences"`
	Second    Mean   `json:"second_modulus"` // |lambda_2|
	Gap       Mean   `json:"gap"`            // loss - L*, nats
	CountGap  Mean   `json:"count_gap"`      // of the count estimator with the training pseudo-count
	Over      Mean   `json:"loss_minus_training_count"`
	SupError  Mean   `json:"sup_error"`
	CountSup  Mean   `json:"count_sup_error"`
}

// spectralPool lists the priors whose chains are sorted: together they fill
// every band.
var spectralPool = []string{"rank-one:1", "dirichlet:0.1", "dirichlet:0.3", "dirichlet:1", "dirichlet:3", "floor:0.1,0.2",
	"sticky:0.9,1", "cyclic:0.9,1", "near-deterministic:0.9,1", "reversible:1"}

// traits are what sorts a chain.
type traits struct {
	second complex128
	// rank is the effective rank of the centred kernel B, (sum s^2)^2 / sum s^4
	// over its singular values s, as a share of the possible: 0 for one singular
	// value, 1 for S-1 equal ones.
	rank float64
}

// rankOne is a second eigenvalue that rounding gives a chain of rank one: the
// square root of float64's unit bounds it, for a double eigenvalue 0.
const rankOne = 1e-7

// modulus tells whether the second eigenvalue's modulus is in [low, high).
func modulus(low, high float64) func(traits) bool {
	return func(t traits) bool {
		m := cmplx.Abs(t.second)
		return m > rankOne && m >= low && m < high
	}
}

func rankBetween(low, high float64) func(traits) bool {
	return func(t traits) bool { return cmplx.Abs(t.second) > rankOne && t.rank >= low && t.rank < high }
}

// spectralBands are all of them.
var spectralBands = []struct {
	kind, name string
	holds      func(traits) bool
}{
	{"gap", "rank one", func(t traits) bool { return cmplx.Abs(t.second) <= rankOne }},
	{"gap", "|l2| below 0.3", modulus(0, 0.3)},
	{"gap", "|l2| 0.3 to 0.6", modulus(0.3, 0.6)},
	{"gap", "|l2| 0.6 to 0.9", modulus(0.6, 0.9)},
	{"gap", "|l2| from 0.9", modulus(0.9, 2)},
	{"second eigenvalue", "real, positive", func(t traits) bool { return imag(t.second) == 0 && real(t.second) > rankOne }},
	{"second eigenvalue", "real, negative", func(t traits) bool { return imag(t.second) == 0 && real(t.second) < -rankOne }},
	{"second eigenvalue", "complex", func(t traits) bool { return imag(t.second) != 0 && cmplx.Abs(t.second) > rankOne }},
	{"effective rank", "low third", rankBetween(0, 1./3)},
	{"effective rank", "middle third", rankBetween(1./3, 2./3)},
	{"effective rank", "high third", rankBetween(2./3, 2)},
}

// traitsOf reads a chain's spectrum and kernel.
func traitsOf(c *markov.Chain) (traits, error) {
	values, err := c.Spectrum()
	if err != nil {
		return traits{}, err
	}
	s, b := c.Tokens(), c.CentredKernel()
	trace, square := 0.0, 0.0
	for i := range s {
		for j := range s {
			sum := 0.0 // (B^T B)_ij
			for k := range s {
				sum += float64(b[k*s+i] * b[k*s+j])
			}
			square += float64(sum * sum)
			if i == j {
				trace += sum
			}
		}
	}
	t := traits{second: values[1]}
	if square > 0 && s > 2 {
		// One singular value may come out below 1 by a rounding.
		t.rank = max(trace*trace/square-1, 0) / float64(s-2)
	}
	return t, nil
}

// spectralStage is the first of the pool's stages among a seed's streams.
const spectralStage = 1 << 16

// BySpectrum measures parameters on o.Sequences fresh sequences of every prior of the
// pool, on t's graph, and sorts them by the spectrum of their chain. t must be a
// forest's task; trainingAlpha is as for [Evaluate]. Bands that no chain is in
// are left out.
func BySpectrum(m model.Model, params []float64, t task.Task, trainingAlpha float64, o Options) (Spectra, error) {
	if _, ok := t.Graph().(graph.Forest); !ok {
		return Spectra{}, fmt.Errorf("graph %v: a tensor has no spectrum, want a forest", t.Graph())
	}
	pass := m.NewPass()
	pass.Bind(params)
	pool := shard.NewPool(o.Workers)
	defer pool.Close()
	parts, errs := make([][]float64, len(spectralPool)), make([]error, len(spectralPool))
	pool.Run(len(parts), func(_, i int) {
		parts[i], errs[i] = bandsOfPrior(pass.NewWorker(), t, spectralPool[i], trainingAlpha, o, spectralStage+uint64(i))
	})
	for i, err := range errs {
		if err != nil {
			return Spectra{}, fmt.Errorf("prior %q: %w", spectralPool[i], err)
		}
	}
	shard.Reduce(pool, parts)
	s := Spectra{Pool: spectralPool}
	for k, band := range spectralBands {
		at := parts[0][k*bandSize:]
		n := int(at[0])
		if n < 2 {
			continue
		}
		c := sums{n, at[1 : 1+bandColumns], at[1+bandColumns : bandSize]}
		s.Bands = append(s.Bands, SpectralBand{band.kind, band.name, n, c.mean(0), c.mean(1), c.mean(2), c.mean(3), c.mean(4), c.mean(5)})
	}
	return s, nil
}

// The numbers that bandsOfPrior keeps of a band: how many chains, then sums and
// sums of squares of the columns.
const (
	bandColumns = 6
	bandSize    = 1 + 2*bandColumns
)

// bandsOfPrior measures on the chains of one prior.
func bandsOfPrior(w model.Worker, t task.Task, prior string, alpha float64, o Options, stage uint64) ([]float64, error) {
	p, err := markov.ParsePrior(prior, t.Tokens())
	if err != nil {
		return nil, err
	}
	if t, err = t.WithPrior(p); err != nil {
		return nil, err
	}
	b := task.NewBatch(o.Sequences, t.SequenceLength(), t.Tokens()).WithChains()
	t.NewSampler().Sample(stream.New(stream.Key{Seed: o.Seed, Purpose: o.Purpose, Step: stage}), b)
	f, count := make([]float64, b.N*b.S), make([]float64, b.N*b.S)
	w.Predict(b, f)
	t.CountEstimate(b, alpha, count)
	part := make([]float64, len(spectralBands)*bandSize)
	for n := range b.N {
		c, err := markov.NewChain(rowsOf(b.Chain(n), b.S))
		if err != nil {
			return nil, err
		}
		own, err := traitsOf(c)
		if err != nil {
			return nil, err
		}
		at, to, y := n*b.S, (n+1)*b.S, b.Target(n)
		loss, entropy, other := SequenceLoss(w, b, n), task.Entropy(y), task.CrossEntropy(y, count[at:to])
		row := [bandColumns]float64{cmplx.Abs(own.second), loss - entropy, other - entropy, loss - other,
			SupDistance(f[at:to], y), SupDistance(count[at:to], y)}
		for k, band := range spectralBands {
			if !band.holds(own) {
				continue
			}
			sum := part[k*bandSize : (k+1)*bandSize]
			sum[0]++
			for c, v := range row {
				sum[1+c] += v
				sum[1+bandColumns+c] += float64(v * v)
			}
		}
	}
	return part, nil
}

func rowsOf(flat []float64, s int) [][]float64 {
	rows := make([][]float64, s)
	for a := range rows {
		rows[a] = flat[a*s : (a+1)*s]
	}
	return rows
}
