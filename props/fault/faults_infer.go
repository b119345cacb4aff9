package fault

import (
	"errors"
	"math"
	"slices"
	"strings"

	"causalgrad/props/theorylaws"
	"causalgrad/theory/infer"
)

// inferFaults are mistakes in estimating a forest from sequences.
func inferFaults() []Fault {
	return []Fault{
		inference("infer-columns-exchanged", "a file's first two columns are exchanged", "", estimator{read: exchanged}, "infer-csv"),
		inference("infer-vocabulary-short", "the vocabulary of a file is its largest token", "", estimator{read: oneShort}, "infer-csv", "infer-csv-any-text"),
		inference("infer-line-forgotten", "a bad cell is refused without its line", "", estimator{read: withoutLine}, "infer-csv-refusals"),
		inference("infer-few-sequences-accepted", "a file with too few sequences is read as if it had enough", "", estimator{read: fewAccepted}, "infer-csv-refusals"),
		inference("infer-eps-clamped", "an eps out of range is taken for 0", "", estimator{firstStep: epsClamped}, "infer-refusals"),
		inference("infer-eps-ignored", "the estimate with the paper's weight leaves eps out", infer.Gradient, estimator{firstStep: epsIgnored}, "infer-gradient", "infer-first-step-definition"),
		inference("infer-padding", "sequences whose query is token 0 are left out as padding", "", estimator{data: unpaddedSequences}, "infer-relabelling", "infer-first-step-definition"),
		inference("infer-last-sequence-lost", "the last sequence is not counted", "", estimator{data: lastLost}, "infer-order", "infer-first-step-definition"),
		inference("infer-error-by-n-squared", "a squared standard error is divided by N N, not N (N-1)", "", estimator{answer: errorScaled(func(n float64) float64 { return math.Sqrt((n - 1) / n) })}, "infer-copies", "infer-first-step-definition"),
		inference("infer-error-halved", "the standard errors are half as large", "", estimator{answer: errorScaled(func(float64) float64 { return 0.5 })}, "infer-coverage", "infer-first-step-definition"),
		inference("infer-plain-by-distance", "an entry with the plain weight is divided by the distance of its positions", infer.Plain, estimator{answer: byPositions}, "infer-plain-parent", "infer-first-step-definition"),
		inference("infer-one-sided", "the p-value of the winner is not doubled for having looked for it", "", estimator{answer: oneSided}, "infer-interval", "infer-first-step-definition"),
		inference("infer-certainty-undecided", "a margin without spread has no t value and is called undecided", "", estimator{answer: certainUndecided}, "infer-certain"),
		inference("infer-normal-quantile", "the interval has the normal quantile in Student's place", "", estimator{interval: normalInterval}, "infer-interval"),
		inference("infer-bias-kept", "the information keeps its bias", "", estimator{shared: biasKept}, "infer-information", "infer-shared-definition"),
		inference("infer-no-bonferroni", "independence is tested as if one candidate had been looked at", "", estimator{shared: unadjusted}, "infer-shared-definition"),
		inference("infer-mutual-bits", "mutual information is in bits", "", estimator{tree: inBits}, "infer-tree-information"),
		inference("infer-tree-greedy", "the tree hangs each position on the earlier one with the most information", "", estimator{tree: greedy}, "infer-tree-brute-force"),
		inference("infer-tree-chained", "the tree is a chain in the order of the columns", "", estimator{tree: chained}, "infer-tree-of-the-forest", "infer-tree-brute-force"),
		inference("infer-rate-not-stepped", "each p-value is compared with its own rank's limit alone", "", estimator{choose: unstepped}, "infer-discovery-rate"),
		inference("infer-rate-bonferroni", "the false discovery rate is a Bonferroni bound", "", estimator{choose: bonferroni}, "infer-discovery-rate"),
	}
}

// inference is a fault in the operations that the estimator replaces, with one
// weight alone where one is named.
func inference(id, description string, weight infer.Weight, e estimator, expect ...string) Fault {
	e.weight = weight
	return patch(id, description, func(v *variant) {
		v.infer = func(own theorylaws.Inferrer) theorylaws.Inferrer { e.Inferrer = own; return e }
	}, expect...)
}

// estimator is an Inferrer with some operations replaced; nil is its own.
type estimator struct {
	theorylaws.Inferrer
	weight    infer.Weight // the one that is broken; empty for both
	read      func(own infer.Sequences, err error) (infer.Sequences, error)
	data      func(s infer.Sequences) infer.Sequences
	firstStep func(own theorylaws.Inferrer, s infer.Sequences, weight infer.Weight, eps float64) (infer.FirstStepEstimate, error)
	answer    func(own infer.FirstStepEstimate, n int)
	shared    func(own infer.SharedEstimate, s infer.Sequences)
	tree      func(own *infer.ChowLiuTree)
	interval  func(r infer.Row, confidence float64) (low, high float64)
	choose    func(p []float64, rate float64) []bool
}

// ReadSequences implements theorylaws.Inferrer.
func (e estimator) ReadSequences(csv string, tokens int, header bool) (infer.Sequences, error) {
	own, err := e.Inferrer.ReadSequences(csv, tokens, header)
	if e.read == nil {
		return own, err
	}
	return e.read(own, err)
}

// InferFirstStep implements theorylaws.Inferrer.
func (e estimator) InferFirstStep(s infer.Sequences, weight infer.Weight, eps float64) (infer.FirstStepEstimate, error) {
	if e.weight != "" && weight != e.weight {
		return e.Inferrer.InferFirstStep(s, weight, eps)
	}
	if e.data != nil {
		s = e.data(s)
	}
	if e.firstStep != nil {
		return e.firstStep(e.Inferrer, s, weight, eps)
	}
	own, err := e.Inferrer.InferFirstStep(s, weight, eps)
	if err == nil && e.answer != nil {
		e.answer(own, s.N)
	}
	return own, err
}

// InferShared implements theorylaws.Inferrer.
func (e estimator) InferShared(s infer.Sequences) (infer.SharedEstimate, error) {
	own, err := e.Inferrer.InferShared(s)
	if err == nil && e.shared != nil {
		e.shared(own, s)
	}
	return own, err
}

// InferTree implements theorylaws.Inferrer.
func (e estimator) InferTree(s infer.Sequences, columns int) (infer.ChowLiuTree, error) {
	own, err := e.Inferrer.InferTree(s, columns)
	if err == nil && e.tree != nil {
		e.tree(&own)
	}
	return own, err
}

// MarginInterval implements theorylaws.Inferrer.
func (e estimator) MarginInterval(r infer.Row, n int, confidence float64) (low, high float64, err error) {
	if e.interval != nil {
		low, high = e.interval(r, confidence)
		return low, high, nil
	}
	return e.Inferrer.MarginInterval(r, n, confidence)
}

// Select implements theorylaws.Inferrer.
func (e estimator) Select(p []float64, rate float64) ([]bool, error) {
	own, err := e.Inferrer.Select(p, rate)
	if err != nil || e.choose == nil {
		return own, err
	}
	return e.choose(p, rate), nil
}

func exchanged(own infer.Sequences, err error) (infer.Sequences, error) {
	for n := range own.N {
		row := own.Row(n)
		row[0], row[1] = row[1], row[0]
	}
	return own, err
}

func oneShort(own infer.Sequences, err error) (infer.Sequences, error) {
	own.Tokens--
	return own, err
}

func withoutLine(own infer.Sequences, err error) (infer.Sequences, error) {
	if err != nil {
		err = errors.New(lineNumber.ReplaceAllString(err.Error(), ""))
	}
	return own, err
}

func fewAccepted(own infer.Sequences, err error) (infer.Sequences, error) {
	if err != nil && strings.Contains(err.Error(), "want at least 20") {
		return infer.Sequences{N: 1, Columns: 2, Tokens: 2, Data: []uint16{0, 1}}, nil
	}
	return own, err
}

func epsClamped(own theorylaws.Inferrer, s infer.Sequences, weight infer.Weight, eps float64) (infer.FirstStepEstimate, error) {
	if !(eps >= 0 && eps <= 1) {
		eps = 0
	}
	return own.InferFirstStep(s, weight, eps)
}

func epsIgnored(own theorylaws.Inferrer, s infer.Sequences, weight infer.Weight, eps float64) (infer.FirstStepEstimate, error) {
	if e, err := own.InferFirstStep(s, weight, eps); err != nil {
		return e, err
	}
	return own.InferFirstStep(s, weight, 0)
}

// unpaddedSequences leaves rows out unless too few would be left.
func unpaddedSequences(s infer.Sequences) infer.Sequences {
	kept := s
	kept.Data, kept.N = nil, 0
	for n := range s.N {
		if row := s.Row(n); len(row) < 2 || row[len(row)-2] != 0 {
			kept.Data, kept.N = append(kept.Data, row...), kept.N+1
		}
	}
	if kept.N < 2 {
		return s
	}
	return kept
}

func lastLost(s infer.Sequences) infer.Sequences {
	s.N--
	return s
}

func errorScaled(factor func(n float64) float64) func(infer.FirstStepEstimate, int) {
	return func(own infer.FirstStepEstimate, n int) {
		for _, row := range own.StdErr {
			for k := range row {
				row[k] *= factor(float64(n))
			}
		}
	}
}

func byPositions(own infer.FirstStepEstimate, _ int) {
	for i, row := range own.Entries {
		for k := range i {
			row[k] /= float64(i - k)
		}
	}
}

func certainUndecided(own infer.FirstStepEstimate, _ int) {
	for at := range own.Rows {
		if own.Rows[at].MarginErr == 0 {
			own.Rows[at].P = 1
		}
	}
}

func oneSided(own infer.FirstStepEstimate, _ int) {
	for at := range own.Rows {
		own.Rows[at].P /= 2
	}
}

func normalInterval(r infer.Row, confidence float64) (low, high float64) {
	half := math.Sqrt2 * math.Erfinv(confidence) * r.MarginErr
	return r.Margin - half, r.Margin + half
}

func biasKept(own infer.SharedEstimate, s infer.Sequences) {
	for i, row := range own.Information {
		for k := range i {
			row[k] += float64((s.Tokens-1)*(s.Tokens-1)) / float64(s.N)
		}
	}
}

func unadjusted(own infer.SharedEstimate, _ infer.Sequences) {
	for at := range own.Rows {
		own.Rows[at].P /= float64(own.Rows[at].Child)
	}
}

func inBits(own *infer.ChowLiuTree) {
	for _, row := range own.Information {
		for k := range row {
			row[k] /= math.Ln2
		}
	}
}

func greedy(own *infer.ChowLiuTree) { own.Parent = slices.Clone(own.Earlier) }

func chained(own *infer.ChowLiuTree) {
	for i := range own.Parent {
		own.Parent[i] = i - 1
	}
}

func unstepped(p []float64, rate float64) []bool {
	chosen := make([]bool, len(p))
	for i, v := range p {
		rank := 0
		for _, other := range p {
			if other <= v {
				rank++
			}
		}
		chosen[i] = v*float64(len(p)) <= rate*float64(rank)
	}
	return chosen
}

func bonferroni(p []float64, rate float64) []bool {
	chosen := make([]bool, len(p))
	for i, v := range p {
		chosen[i] = v*float64(len(p)) <= rate
	}
	return chosen
}
