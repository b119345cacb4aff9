// Package construct writes down weights that solve the task (theory/README.md,
// section 6, C1 and C2), runs the real models on them and measures
// what they reach: the distance to the count estimator and L - L* as the
// position scores B, the token scores beta and the length T grow. Beside them
// stand the comparisons of the several-parents task: the best single-parent
// estimator, and a training run with a given number of heads.
//
// With B and then beta to infinity a construction predicts the empirical law of
// s_i over the positions whose parents' tokens agree with the target's
// ([Built.Limit], [Built.Bound]). Two things stand between that and the target.
// Rows that carry no evidence ([Roots]), and the read-out: the disentangled
// transformer predicts softmax(W^T x), never a frequency ([BestScale],
// [ReadoutFloor]).
//
// It never tunes a construction by gradient descent, and it does not show that
// fewer than k heads cannot do the task of k parents: that is not a theorem.
package construct

import (
	"fmt"

	"causalgrad/impl/model"
	"causalgrad/theory/graph"
)

// Roots says what is done with silent positions: those that carry no evidence
// on the target's row. They are the roots of a forest, the positions of
// another arity than the target's in a DAG, and the last position T-1.
type Roots int

const (
	// RootsUniform leaves their first-layer rows at 0, so that such a row
	// attends uniformly to its past. In the limit it counts exactly when all
	// tokens up to it equal s_T, and then adds one count of s_T itself. Position
	// 0 sees nothing but itself, so this happens at least when s_0 = s_T.
	// In a DAG row T-1 attends to the target's parents, agrees with itself in
	// all of them, and always adds one count of its own token.
	RootsUniform Roots = iota
	// RootsSink sends their first-layer rows to position 0 with score B: all
	// of them count when s_0 = s_T, none otherwise.
	RootsSink
	// RootsMasked lowers their keys in the second layer by B + k beta, through
	// the position-position block: they are gone, to a factor exp(-B). The
	// reduced model has no such block, and cannot express it: z_0 = A2[s_T][s_0]
	// whatever A1 is.
	RootsMasked
)

var rootsNames = [...]string{"uniform", "sink", "masked"}

// String is "uniform", "sink" or "masked".
func (r Roots) String() string {
	if r < 0 || int(r) >= len(rootsNames) {
		return fmt.Sprintf("Roots(%d)", int(r))
	}
	return rootsNames[r]
}

// MarshalText is String.
func (r Roots) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// Settings are the numbers of a construction.
type Settings struct {
	B     float64 // first-layer score of a child on its parent, 0 to 1e6
	Beta  float64 // second-layer score of a pair of equal tokens, 0 to 1e6
	Roots Roots
	Eps   float64 // inside the logarithm of the loss of a linear read-out, 0 to below 1
}

const maxScore = 1e6

func (s Settings) check() error {
	for _, v := range []struct {
		name  string
		value float64
	}{{"B", s.B}, {"beta", s.Beta}} {
		if !(v.value >= 0 && v.value <= maxScore) {
			return fmt.Errorf("%s = %v, want 0 to %g", v.name, v.value, float64(maxScore))
		}
	}
	if !(s.Eps >= 0 && s.Eps < 1) {
		return fmt.Errorf("eps = %v, want a number from 0 to below 1", s.Eps)
	}
	if s.Roots < RootsUniform || s.Roots > RootsMasked {
		return fmt.Errorf("roots = %v, want uniform, sink or masked", s.Roots)
	}
	return nil
}

// Built is a model with its weights. It is immutable.
type Built struct {
	Model    model.Model
	Params   []float64
	Settings Settings
	// Scale is the read-out's: f = softmax(Scale q), where q are the
	// attention-averaged token frequencies. It is 0 for the reduced model, which
	// predicts q itself.
	Scale   float64
	context context
}

// Build is Reduced ("reduced"), or Forest or Parents ("disentangled"), by the
// kind of the model and of the graph.
func Build(kind string, g graph.Graph, tokens int, s Settings) (Built, error) {
	forest, isForest := g.(graph.Forest)
	dag, isDAG := g.(graph.DAG)
	switch {
	case kind == "reduced" && isForest:
		return Reduced(forest, tokens, s)
	case kind == "reduced":
		return Built{}, fmt.Errorf("graph %v: the reduced model has one head and needs a forest", g)
	case kind == "disentangled" && isForest:
		return Forest(forest, tokens, s)
	case kind == "disentangled" && isDAG:
		return Parents(dag, tokens, s)
	}
	return Built{}, fmt.Errorf("model %q of graph %v: no construction, want reduced or disentangled", kind, g)
}
