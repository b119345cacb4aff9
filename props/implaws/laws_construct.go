package implaws

import (
	"fmt"
	"math"
	"strconv"

	"causalgrad/impl/construct"
	"causalgrad/props"
	"causalgrad/theory/graph"
	"pgregory.net/rapid"
)

// constructLaws are about the weights of theory.md section 6.
func constructLaws() []props.Law {
	constructs := []props.Capability{CanConstruct}
	evaluates := []props.Capability{CanConstruct, props.CanEvaluate}
	const source = "theory.md section 6"
	return []props.Law{
		{ID: "construct-adjacency", Source: source, Needs: []props.Capability{CanConstruct, props.CanAttend}, Draws: 60, Check: constructAdjacency,
			Sentence: "Head j of a construction's first layer attends to the j-th parent with weight e^B/(e^B + i), on every sequence: the graph is its attention."},
		{ID: "construct-limit", Source: source, Needs: evaluates, Draws: 60, Check: constructLimit,
			Sentence: "With B and beta large the model itself predicts the frequencies counted over the positions that agree in most parents, root rows as the treatment says."},
		{ID: "construct-count", Source: source, Needs: []props.Capability{CanConstruct, props.CanEstimate}, Draws: 60, Check: constructCount,
			Sentence: "With masked roots the limit is the count estimator's as alpha vanishes, wherever something is counted."},
		{ID: "construct-bound", Source: source, Needs: evaluates, Draws: 60, Check: constructBound,
			Sentence: "At finite B and beta the model is within the stated bound of the limit; the bound falls as matches, B and beta grow."},
		{ID: "construct-readout", Source: source, Needs: evaluates, Draws: 40, Check: constructReadout,
			Sentence: "The disentangled construction predicts softmax(q) of the frequencies q, the reduced one q itself: at beta = 0 both average all positions that are not masked."},
		{ID: "construct-refusals", Source: source, Needs: constructs, Draws: 10, Check: constructRefusals,
			Sentence: "Settings out of range, graphs without evidence and models without a construction are refused by name."},
	}
}

// constructAdjacency: e^B/(e^B + i) and 1/(e^B + i) come from a softmax of i+1
// scores; a score is a sum of four entries, one of which is B.
func constructAdjacency(t *rapid.T, s props.Subject) {
	b := rapid.SampledFrom([]float64{0, 0.5, 3, 12, 40}).Draw(t, "B")
	x := drawBuilding(t, s, []string{props.Reduced, props.Disentangled}, treatments, b, 2)
	batch := x.batch()
	x = x.on(batch)
	weights, heads := props.AskAttention(t, s, x.Case, x.own.Model, x.own.Params, batch), x.own.Model.FirstHeads()
	props.Demand(t, x.Case, heads == len(targetOf(x.spec)), "heads of the first layer", "one for each parent of the target", strconv.Itoa(heads))
	u := s.Roundoff()
	for at, w := range weights {
		i, key, head := at/batch.T%batch.T, at%batch.T, at/(batch.T*batch.T)%heads
		to := x.attends(i, head)
		want := 1 / float64(i+1)
		switch {
		case key > i:
			want = 0
		case to == key:
			want = 1 / (1 + float64(i)*math.Exp(-b))
		case to >= 0:
			want = math.Exp(-b) / (1 + float64(i)*math.Exp(-b))
		}
		props.Within(t, x.Case, fmt.Sprintf("attention of head %d [%d][%d]", head, i, key), w, want, 8*(float64(batch.T)+8+b)*u*want)
	}
}

// attends is the key that row i of a head has its score on, -1 for none.
func (x building) attends(i, head int) int {
	if p := evidenceOf(x.spec, i); p != nil {
		return p[head]
	}
	if i == x.spec.Length-1 && x.spec.DAG != nil {
		return targetOf(x.spec)[head]
	}
	if x.set.Roots == construct.RootsSink {
		return 0
	}
	return -1
}

// countedLimit is the limit of one sequence, in whole numbers: the frequencies
// of s_i over the positions with the largest score, a fraction num/den of
// agreeing parents.
func (x building) countedLimit(tokens []uint16) []float64 {
	bestNum, bestDen, total := -1, 1, 0.0
	counts := make([]float64, x.spec.Tokens)
	for i := range tokens {
		num, den := x.score(tokens, i)
		if den == 0 {
			continue
		}
		if num*bestDen > bestNum*den {
			bestNum, bestDen, total = num, den, 0
			clear(counts)
		}
		if num*bestDen == bestNum*den {
			counts[tokens[i]]++
			total++
		}
	}
	for v := range counts {
		counts[v] /= total
	}
	return counts
}

// score is the share of the target's context that row i of the first layer
// carries in the limit, times the number of parents; den 0 is a masked row.
func (x building) score(tokens []uint16, i int) (num, den int) {
	target := targetOf(x.spec)
	if evidenceOf(x.spec, i) == nil && x.set.Roots == construct.RootsMasked {
		return 0, 0
	}
	for head, p := range target {
		keys := []int{x.attends(i, head)}
		if keys[0] < 0 { // uniform over the past
			keys = props.Identity(i + 1)
		}
		den = len(keys)
		for _, k := range keys {
			if tokens[k] == tokens[p] {
				num++
			}
		}
	}
	return num, den
}

// constructLimit: with lengths up to 6 scores that differ do so by at least
// 1/(T(T-1)) = 1/30, by 666 after beta = 2e4, so the attention on others is
// below T e^-666; a row keeps all but T e^-60 on its parent. Equal scores differ
// by roundings, at most beta 2T u, and by as much, relatively, the weights.
// Reading q back through a logarithm costs S u more.
func constructLimit(t *rapid.T, s props.Subject) {
	x := drawBuilding(t, s, []string{props.Reduced, props.Disentangled}, treatments, 60, 2e4)
	b := x.batch()
	x = x.on(b)
	var want []float64
	for n := range b.N {
		want = append(want, x.countedLimit(b.Sequence(n))...)
	}
	props.Equal(t, x.Case, "limit", x.limit(b), want) // quotients of the same whole numbers
	props.WithinAll(t, x.Case, "frequencies", x.frequencies(b), want, 4*2e4*2*float64(b.T)*s.Roundoff()+1e-24)
}

// constructCount: alpha moves a frequency by at most S alpha/M.
func constructCount(t *rapid.T, s props.Subject) {
	x := drawBuilding(t, s, []string{props.Disentangled}, []construct.Roots{construct.RootsMasked}, 1, 1)
	if d := x.spec.DAG; d != nil {
		d[x.spec.Length-1] = []int{} // the estimator counts the last position, the construction cannot
		x = x.build()
	}
	b := x.batch()
	x = x.on(b)
	const alpha = 0x1p-40
	limit, f := x.limit(b), props.AskEstimate(t, s, x.Case, x.spec, b, alpha)
	for n := range b.N {
		if x.matches(b.Sequence(n)) > 0 {
			props.WithinAll(t, x.Case, "limit", limit[n*b.S:(n+1)*b.S], f[n*b.S:(n+1)*b.S], float64(b.S)*alpha+8*float64(b.T)*s.Roundoff())
		}
	}
}

// matches counts the positions before the last that agree in all parents.
func (x building) matches(tokens []uint16) int {
	n := 0
	for i := range tokens {
		if evidenceOf(x.spec, i) == nil {
			continue
		}
		if num, _ := x.score(tokens, i); num == len(targetOf(x.spec)) {
			n++
		}
	}
	return n
}

func (x building) bound(matches int) float64 {
	return props.Ask(x.t, x.Case, "bound", func() (float64, error) {
		return x.s.(Constructor).ConstructionBound(x.kind, x.spec, x.set, matches)
	})
}

// constructBound: the rounding is that of scores up to k (B + beta) and of q
// read back.
func constructBound(t *rapid.T, s props.Subject) {
	set := rapid.SampledFrom([][2]float64{{4, 1}, {6, 3}, {10, 6}, {20, 9}}).Draw(t, "B and beta")
	x := drawBuilding(t, s, []string{props.Disentangled}, treatments, set[0], set[1])
	b := x.batch()
	x = x.on(b)
	q, limit := x.frequencies(b), x.limit(b)
	slack := 64 * float64(b.T+b.S) * (set[0] + set[1]) * s.Roundoff()
	for n := range b.N {
		bound := x.bound(x.matches(b.Sequence(n)))
		props.WithinAll(t, x.Case, "frequencies", q[n*b.S:(n+1)*b.S], limit[n*b.S:(n+1)*b.S], bound+slack)
	}
	most := 0
	for i := range b.T {
		if evidenceOf(x.spec, i) != nil {
			most++
		}
	}
	props.Within(t, x.Case, "bound without a match", x.bound(0), 1, 0)
	props.Within(t, x.Case, "bound with more matches than evidence", x.bound(most+1), 1, 0)
	last := 1.0
	for m := 1; m <= most; m++ {
		next := x.bound(m)
		props.AtLeast(t, x.Case, "bound", next, 0, 0)
		props.AtMost(t, x.Case, fmt.Sprintf("bound with %d matches", m), next, last, 0)
		last = next
	}
	far := x
	far.set.B, far.set.Beta = 60, 40
	if x.set.Roots == construct.RootsMasked {
		// 3 beta k e^-60 and T e^-40 (and more where nothing but silent rows are off).
		props.AtMost(t, far.Case, "bound at B = 60, beta = 40", far.bound(1), float64(b.T)*1e-16, 0)
	} else {
		props.Within(t, far.Case, "bound with root rows", far.bound(1), 1, 0)
	}
}

// constructReadout: with beta = 0 all positions weigh the same, but for masked
// ones, which B = 40 leaves e^-40 of.
func constructReadout(t *rapid.T, s props.Subject) {
	x := drawBuilding(t, s, []string{props.Reduced, props.Disentangled}, treatments, rapid.SampledFrom([]float64{0, 40}).Draw(t, "B"), 0)
	b := x.batch()
	x = x.on(b)
	props.Demand(t, x.Case, (x.own.Scale == 0) == (x.kind == props.Reduced), "scale", "0 for the reduced model alone", fmt.Sprint(x.own.Scale))
	masked := x.set.Roots == construct.RootsMasked && x.set.B > 0
	want := make([]float64, b.N*b.S)
	for n := range b.N {
		seen := 0.0
		for i, v := range b.Sequence(n) {
			if !masked || evidenceOf(x.spec, i) != nil {
				want[n*b.S+int(v)]++
				seen++
			}
		}
		for v := range b.S {
			want[n*b.S+v] /= seen
		}
	}
	props.WithinAll(t, x.Case, "frequencies", x.frequencies(b), want, 64*float64(b.T+b.S)*s.Roundoff()+float64(b.T)*math.Exp(-40))
}

func constructRefusals(t *rapid.T, s props.Subject) {
	x := drawBuilding(t, s, []string{props.Disentangled}, treatments, 1, 1)
	alone := props.TaskSpec{Tokens: 2, Length: 4, Parents: []int{graph.Root, graph.Root, graph.Root}, Alpha: 1}
	dag := props.TaskSpec{Tokens: 2, Length: 4, DAG: [][]int{{}, {0}, {0}, {0}, {1}}, Alpha: 1}
	forest := props.TaskSpec{Tokens: 2, Length: 4, Parents: []int{graph.Root, 0, 1}, Alpha: 1}
	good := x.set
	for _, bad := range []struct {
		kind string
		spec props.TaskSpec
		set  func(s *construct.Settings)
		text string
	}{
		{props.Disentangled, x.spec, func(s *construct.Settings) { s.B = -1 }, "B = -1"},
		{props.Disentangled, x.spec, func(s *construct.Settings) { s.B = math.Inf(1) }, "B = +Inf"},
		{props.Disentangled, x.spec, func(s *construct.Settings) { s.Beta = math.NaN() }, "beta = NaN"},
		{props.Disentangled, x.spec, func(s *construct.Settings) { s.Eps = 1 }, "eps = 1"},
		{props.Disentangled, x.spec, func(s *construct.Settings) { s.Roots = 7 }, "roots"},
		{props.Reduced, forest, func(s *construct.Settings) { s.Beta = -1 }, "beta = -1"},
		{props.Reduced, forest, func(s *construct.Settings) { s.Roots = construct.RootsMasked }, "roots = masked"},
		{props.Reduced, dag, func(*construct.Settings) {}, "needs a forest"},
		{props.Reduced, alone, func(*construct.Settings) {}, "no position before the last has 1 parents"},
		{props.Disentangled, alone, func(*construct.Settings) {}, "no position before the last has 1 parents"},
		{props.Disentangled, props.TaskSpec{Tokens: 2, Length: 3, DAG: [][]int{{}, {0}, {1}, {0, 1}}}, func(*construct.Settings) {}, "has 2 parents"},
		{props.Transformer, forest, func(*construct.Settings) {}, `"transformer"`},
		{props.Disentangled, props.TaskSpec{Tokens: 1, Length: 4, Parents: forest.Parents}, func(*construct.Settings) {}, "tokens = 1"},
	} {
		set := good
		bad.set(&set)
		_, err := props.Guarded(func() (Construction, error) { return s.(Constructor).Construct(bad.kind, bad.spec, set) })
		props.Refused(t, x.Where("%s of %v with %+v", bad.kind, bad.spec, set), "answer", err, bad.text)
	}
}
