package evidence

import (
	"context"
	"fmt"
	"math"
	"sync"

	"causalgrad/golden/stat"
	"causalgrad/impl/measure"
	"causalgrad/impl/task"
	"causalgrad/impl/train"
	"causalgrad/reports/table"
	"causalgrad/theory/detmath"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
)

// NoisePoint predicts what stage 2 leaves of A2 beside beta I and a constant, if it
// is sampling noise alone, and sets the recorded runs of Algorithm 1 beside it. To
// first order in that rest d, the step at beta is d + Rate2 (J d + noise), J being
// the second derivative of the loss and the noise the mean of a batch, whose
// covariance is the second moment of one sequence's gradient over the batch.
type NoisePoint struct {
	Length int
	// Predicted is the root of the mean square of the rest's Frobenius norm, StdErr
	// its error, because the moments are those of sampled sequences. Frozen is the
	// same without J, as if steps did not act on what earlier ones left.
	Predicted, StdErr, Frozen float64
	Beta                      float64 // of the path that the moments were taken on, at its end
	// Recorded is the same root over the recorded seeds, Low and High its interval.
	Recorded, Low, High float64
	RecordedBeta        float64
	Seeds               int
}

// Agrees tells that the prediction, within two of its standard errors, meets the
// interval.
func (p NoisePoint) Agrees() bool {
	return p.Predicted+2*p.StdErr >= p.Low && p.Predicted-2*p.StdErr <= p.High
}

const (
	noiseGroups = 8
	noiseGroup  = 256  // sequences of a group
	noiseMove   = 0.05 // the moments are taken anew where beta has moved by that much
)

// PredictNoise does so for every length of recorded ladders of several seeds.
func PredictNoise(ctx context.Context, ladders []Ladder, seed uint64) (points []NoisePoint, err error) {
	if len(ladders) < 2 {
		return nil, nil
	}
	for i, at := range ladders[0].Points {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		p, err := predictNoise(Algorithm1Config(at.Length, seed), at.Length)
		if err != nil {
			return nil, err
		}
		var squares []float64
		for _, l := range ladders {
			rest := l.Points[i].Residual * l.Points[i].Diagonal * math.Sqrt2 // S = 3
			squares = append(squares, rest*rest)
			p.RecordedBeta += l.Points[i].Diagonal / float64(len(ladders))
		}
		mean, err := stat.MeanInterval(squares, 1-(1-stat.RateConfidence)/float64(len(ladders[0].Points)))
		if err != nil {
			return nil, fmt.Errorf("residuals at T = %d: %w", at.Length, err)
		}
		p.Seeds, p.Recorded = len(ladders), math.Sqrt(meanOfAll(squares))
		p.Low, p.High = math.Sqrt(math.Max(0, mean.Interval.Lo)), math.Sqrt(mean.Interval.Hi)
		points = append(points, p)
	}
	return points, nil
}

// predictNoise follows stage 2 along its population path, after the run's own stage 1.
func predictNoise(config train.Algorithm1, length int) (NoisePoint, error) {
	p := NoisePoint{Length: length}
	f, err := graph.Chain(length)
	if err != nil {
		return p, err
	}
	prior := markov.Dirichlet{Size: 3, Alpha: 1}
	problem, err := task.New(f, prior)
	if err != nil {
		return p, err
	}
	attention, err := stage1Attention(problem, config)
	if err != nil {
		return p, err
	}
	groups := make([]attended, noiseGroups)
	for n := range groups {
		b := task.NewBatch(noiseGroup, length, prior.Size)
		problem.NewSampler().Sample(stream.New(stream.Key{Seed: config.Seed, Purpose: stream.Test, Step: uint64(length), Shard: 1<<20 + uint64(n)}), b)
		groups[n] = attend(b, attention)
	}
	all := newRest(prior.Size)
	without := make([]rest, noiseGroups)
	for n := range without {
		without[n] = newRest(prior.Size)
	}
	frozen := newRest(prior.Size)
	p.Beta = config.Beta0
	var m moments2     // at beta = at
	var but []moments2 // without each group
	at := math.Inf(-1)
	for range config.Steps2 {
		if p.Beta-at > noiseMove || at-p.Beta > noiseMove {
			m, but = momentsOf(groups, p.Beta, config.Eps)
			at = p.Beta
		}
		all.step(m, config)
		frozen.step(moments2{square: m.square, hessian: matrix(len(m.hessian))}, config)
		for n := range without {
			without[n].step(but[n], config)
		}
		p.Beta += config.Rate2 * m.slope
	}
	p.Predicted, p.Frozen = all.norm(), frozen.norm()
	var values []float64
	for n := range without {
		values = append(values, without[n].norm())
	}
	_, stdErr := meanOf(values)
	p.StdErr = stdErr * (noiseGroups - 1) // of the jackknife
	return p, nil
}

// momentsOf are the symmetric moments of all groups, and of all but each.
func momentsOf(groups []attended, beta, eps float64) (all moments2, but []moments2) {
	parts := make([]moments2, len(groups))
	var group sync.WaitGroup
	for n, g := range groups {
		group.Go(func() { parts[n] = g.moments(beta, eps) })
	}
	group.Wait()
	total := newMoments2(groups[0].S)
	for _, part := range parts {
		total.add(part, 1)
	}
	for _, part := range parts {
		rest := total.clone()
		rest.add(part, -1)
		but = append(but, rest.symmetric())
	}
	return total.symmetric(), but
}

// stage1Attention is the first layer's attention after the run's stage 1, T x T.
func stage1Attention(problem task.Task, config train.Algorithm1) ([][]float64, error) {
	config.Steps2 = 0
	stages, err := config.Run(problem, nil)
	if err != nil {
		return nil, err
	}
	blocks, err := measure.PositionBlock(stages.Model, stages.First, 1)
	if err != nil {
		return nil, err
	}
	a := make([][]float64, problem.SequenceLength())
	for i := range a {
		a[i] = blocks[0][i*len(a):][:len(a)]
	}
	return a, nil
}

// attended are sequences with what every position attends to: all that the second
// layer reads of the first.
type attended struct {
	*task.Batch
	masses []float64 // [sequence][i][r]: attention of position i on tokens r
}

func attend(b *task.Batch, attention [][]float64) attended {
	a := attended{b, make([]float64, b.N*b.T*b.S)}
	for n := range b.N {
		tokens := b.Sequence(n)
		for i, row := range attention {
			mass := a.masses[(n*b.T+i)*b.S:][:b.S]
			for j, v := range row[:i+1] {
				mass[tokens[j]] += v
			}
		}
	}
	return a
}

// moments2 are sums over sequences at A2 = beta I: of minus the gradient, of its
// outer square and of minus the second derivative, over the S x S entries.
type moments2 struct {
	tokens   int
	count    float64
	gradient []float64
	square   [][]float64
	hessian  [][]float64
	slope    float64 // after symmetric: what beta gains, by the rate
}

func newMoments2(tokens int) moments2 {
	n := tokens * tokens
	return moments2{tokens: tokens, gradient: make([]float64, n), square: matrix(n), hessian: matrix(n)}
}

func (m *moments2) add(o moments2, sign float64) {
	m.count += float64(sign * o.count)
	for i := range m.gradient {
		m.gradient[i] += float64(sign * o.gradient[i])
		for j := range m.gradient {
			m.square[i][j] += float64(sign * o.square[i][j])
			m.hessian[i][j] += float64(sign * o.hessian[i][j])
		}
	}
}

func (m moments2) clone() moments2 {
	c := newMoments2(m.tokens)
	c.add(m, 1)
	return c
}

// moments sums over the sequences. One whose last token is q moves row q of A2
// alone; v is the second layer's attention, h and curvature the first and second
// derivative of the loss in f.
func (a attended) moments(beta, eps float64) moments2 {
	s := a.S
	m := newMoments2(s)
	m.count = float64(a.N)
	f, h, curvature := make([]float64, s), make([]float64, s), make([]float64, s)
	v, mean, gradient := make([]float64, a.T), make([]float64, s), make([]float64, s)
	byToken, second := matrix(s), matrix(s)
	for n := range a.N {
		tokens, y, masses := a.Sequence(n), a.Target(n), a.masses[n*a.T*s:][:a.T*s]
		q := int(tokens[a.T-1])
		softmaxOf(v, func(i int) float64 { return beta * masses[i*s+q] })
		clear(f)
		for i, t := range tokens {
			f[t] += v[i]
		}
		expected := 0.0
		for t := range f {
			h[t], curvature[t] = 0, 0
			if f[t] > 0 { // a token that is not in the sequence stays so
				h[t] = -y[t] / (f[t] + eps)
				curvature[t] = y[t] / ((f[t] + eps) * (f[t] + eps))
			}
			expected += float64(f[t] * h[t])
		}
		clear(mean)
		clear(gradient)
		for r := range s {
			clear(byToken[r])
			clear(second[r])
		}
		for i, t := range tokens {
			mass, slope := masses[i*s:][:s], float64(v[i]*(h[t]-expected))
			for r, x := range mass {
				mean[r] += float64(v[i] * x)
				byToken[t][r] += float64(v[i] * x)
				gradient[r] += float64(slope * x)
				for u, w := range mass {
					second[r][u] += float64(float64(slope*x) * w)
				}
			}
		}
		for r := range s {
			m.gradient[q*s+r] -= gradient[r]
			for u := range s {
				k := second[r][u] - float64(gradient[r]*mean[u]) - float64(mean[r]*gradient[u])
				for t := range f {
					k += float64(curvature[t] * float64((byToken[t][r]-float64(f[t]*mean[r]))*(byToken[t][u]-float64(f[t]*mean[u]))))
				}
				m.hessian[q*s+r][q*s+u] -= k
				m.square[q*s+r][q*s+u] += float64(gradient[r] * gradient[u])
			}
		}
	}
	return m
}

// softmaxOf writes the softmax of scores.
func softmaxOf(dst []float64, score func(i int) float64) {
	largest, sum := math.Inf(-1), 0.0
	for i := range dst {
		dst[i] = score(i)
		largest = math.Max(largest, dst[i])
	}
	for i, z := range dst {
		dst[i] = detmath.Exp(z - largest)
		sum += dst[i]
	}
	for i := range dst {
		dst[i] /= sum
	}
}

// symmetric are the means, averaged over all relabellings of the tokens: under A3
// the population's have that symmetry.
func (m moments2) symmetric() moments2 {
	s := m.tokens
	out := newMoments2(s)
	orders := permutations(s)
	weight := 1 / (m.count * float64(len(orders)))
	at := make([]int, s*s) // of each entry under a relabelling
	for _, order := range orders {
		for q := range s {
			for r := range s {
				at[q*s+r] = order[q]*s + order[r]
			}
		}
		for i, x := range at {
			out.gradient[i] += float64(weight * m.gradient[x])
			for j, y := range at {
				out.square[i][j] += float64(weight * m.square[x][y])
				out.hessian[i][j] += float64(weight * m.hessian[x][y])
			}
		}
	}
	out.count = 1
	out.slope = out.gradient[0] - out.gradient[1] // an entry of the diagonal less one beside it
	return out
}

func permutations(n int) (all [][]int) {
	if n == 0 {
		return [][]int{nil}
	}
	for _, p := range permutations(n - 1) {
		for at := range n {
			q := append(append(append([]int{}, p[:at]...), n-1), p[at:]...)
			all = append(all, q)
		}
	}
	return all
}

// rest is the covariance of what A2 has, S^2 x S^2.
type rest struct {
	tokens     int
	covariance [][]float64
}

func newRest(tokens int) rest { return rest{tokens, matrix(tokens * tokens)} }

// step is C' = (1 + rate J) C (1 + rate J)' + rate^2 square / batch.
func (r *rest) step(m moments2, config train.Algorithm1) {
	n := len(r.covariance)
	move := matrix(n)
	for i := range n {
		for j := range n {
			move[i][j] = config.Rate2 * m.hessian[i][j]
		}
		move[i][i]++
	}
	half, next := matrix(n), matrix(n)
	for i := range n {
		for j := range n {
			for k := range n {
				half[i][j] += float64(move[i][k] * r.covariance[k][j])
			}
		}
	}
	for i := range n {
		for j := range n {
			next[i][j] = float64(config.Rate2 * config.Rate2 * m.square[i][j] / float64(config.Batch))
			for k := range n {
				next[i][j] += float64(half[i][k] * move[j][k])
			}
		}
	}
	r.covariance = next
}

// norm is the root of the mean square of the part beside the identity and a constant.
func (r rest) norm() float64 {
	s := r.tokens
	sum, diagonal, off := 0.0, 0.0, 0.0 // of all variances, and of the two means
	for i, row := range r.covariance {
		sum += row[i]
		for j, v := range row {
			switch a, b := i%(s+1) == 0, j%(s+1) == 0; {
			case a && b:
				diagonal += v / float64(s)
			case !a && !b:
				off += v / float64(s*(s-1))
			}
		}
	}
	return math.Sqrt(sum - diagonal - off)
}

// NoiseTable has a row a length.
func NoiseTable(points []NoisePoint) table.Table {
	t := table.Table{ID: "stage-2-noise", Title: "What A2 has beside beta I and a constant after stage 2: predicted from sampling noise alone, and recorded",
		Columns: []table.Column{{Name: "T", Align: table.Right}, {Name: "predicted", Align: table.Decimal}, {Name: "recorded", Align: table.Decimal}, {Name: "interval"},
			{Name: "agrees"}, {Name: "noise added up", Align: table.Decimal}, {Name: "beta, predicted", Align: table.Decimal}, {Name: "beta, recorded", Align: table.Decimal}}}
	for _, p := range points {
		agrees := "yes"
		if !p.Agrees() {
			agrees = "no"
		}
		t.Add(table.Integer(p.Length), table.Measured(p.Predicted, p.StdErr), table.Fixed(p.Recorded, 4), table.Text(fmt.Sprintf("[%.4f, %.4f]", p.Low, p.High)),
			table.Text(agrees), table.Fixed(p.Frozen, 4), table.Fixed(p.Beta, 3), table.Fixed(p.RecordedBeta, 3))
	}
	if len(points) > 0 {
		c := Algorithm1Config(1, 0)
		t.Note(fmt.Sprintf("root mean square of the Frobenius norm over %d seeds of the ladder (%d steps at rate %g, batch %d), with a joint %g%% interval; predicted: the second moment of one sequence's gradient over the batch, carried through the steps with the loss's second derivative, both over %d sequences along the path of beta; noise added up: without the second derivative",
			points[0].Seeds, c.Steps2, c.Rate2, c.Batch, 100*stat.RateConfidence, noiseGroups*noiseGroup))
	}
	return t
}
