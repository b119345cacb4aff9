package implaws

import (
	"math"

	"causalgrad/impl/construct"
	"causalgrad/impl/task"
	"causalgrad/props"
	"causalgrad/props/gen"
	"pgregory.net/rapid"
)

// treatments are what can be done with root rows.
var treatments = []construct.Roots{construct.RootsUniform, construct.RootsSink, construct.RootsMasked}

// building is a drawn construction.
type building struct {
	props.Case
	t    *rapid.T
	s    props.Subject
	kind string
	spec props.TaskSpec
	set  construct.Settings
	own  Construction
}

// drawEvidence draws a forest with an edge, or a DAG in which a position before
// the last has as many parents as the target.
func drawEvidence(t *rapid.T, kind string, longest int) props.TaskSpec {
	tokens := rapid.IntRange(2, 4).Draw(t, "tokens")
	if kind == props.Disentangled && rapid.Bool().Draw(t, "dag") {
		g := gen.DAGs(4, longest, 3).Filter(func(d gen.DAG) bool {
			for i := range d.SequenceLength() - 1 {
				if len(d.Parents(i)) == len(d.Target()) {
					return true
				}
			}
			return false
		}).Draw(t, "graph")
		return props.DAGSpec(g.DAG, tokens, 1)
	}
	f := gen.Connected(3, longest).Draw(t, "graph")
	return props.TaskSpec{Tokens: tokens, Length: f.SequenceLength(), Parents: f.Parents(), Alpha: 1}
}

// drawBuilding draws a construction with one of the treatments of root rows; the
// reduced model has no masked one.
func drawBuilding(t *rapid.T, s props.Subject, kinds []string, roots []construct.Roots, b, beta float64) building {
	x := building{t: t, s: s, kind: rapid.SampledFrom(kinds).Draw(t, "model")}
	x.spec = drawEvidence(t, x.kind, 6)
	x.set = construct.Settings{B: b, Beta: beta, Roots: rapid.SampledFrom(roots).Draw(t, "roots")}
	if x.kind == props.Reduced {
		x.set.Eps = 0.125
		if x.set.Roots == construct.RootsMasked {
			x.set.Roots = construct.RootsSink
		}
	}
	return x.build()
}

// build asks the subject for the weights.
func (x building) build() building {
	x.Case = props.TaskCase(x.spec).With("--model %s", x.kind).Where("B = %v, beta = %v, roots %v", x.set.B, x.set.Beta, x.set.Roots)
	x.own = props.Ask(x.t, x.Case, "construction", func() (Construction, error) {
		return x.s.(Constructor).Construct(x.kind, x.spec, x.set)
	})
	props.Finite(x.t, x.Case, "parameters", x.own.Params, props.LayoutOf(x.t, x.own.Model).Size())
	return x
}

func (x building) on(b *task.Batch) building {
	x.Case = x.Where("sequences %v", b.Tokens)
	return x
}

func (x building) batch() *task.Batch {
	return gen.Batches(rapid.IntRange(1, 3).Draw(x.t, "sequences"), x.spec.Length, x.spec.Tokens).Draw(x.t, "batch")
}

func (x building) limit(b *task.Batch) []float64 {
	f := props.Ask(x.t, x.Case, "limit", func() ([]float64, error) {
		return x.s.(Constructor).ConstructionLimit(x.kind, x.spec, x.set, b)
	})
	props.Finite(x.t, x.Case, "limit", f, b.N*b.S)
	return f
}

// frequencies are q, read back from the model's prediction f: log f is Scale q
// up to a constant, and q sums to 1.
func (x building) frequencies(b *task.Batch) []float64 {
	f := props.AskEvaluate(x.t, x.s, x.Case, x.own.Model, x.own.Params, b).Predictions
	if x.kind == props.Reduced {
		return f
	}
	q := make([]float64, len(f))
	for n := range b.N {
		mean := 0.0
		for v := n * b.S; v < (n+1)*b.S; v++ {
			q[v] = math.Log(f[v]) / x.own.Scale
			mean += q[v] / float64(b.S)
		}
		for v := n * b.S; v < (n+1)*b.S; v++ {
			q[v] += 1/float64(b.S) - mean
		}
	}
	return q
}

// target lists the parents that the last row looks for: the last position
// itself in a forest.
func targetOf(spec props.TaskSpec) []int { return props.Contexts(spec)[spec.Length] }

// evidence lists the parents of position i where it is evidence, nil where it is
// silent: the last position is always.
func evidenceOf(spec props.TaskSpec, i int) []int {
	if p := props.Contexts(spec)[i]; i < spec.Length-1 && len(p) == len(targetOf(spec)) {
		return p
	}
	return nil
}
