package condition

import (
	"math"
	"slices"

	"causalgrad/theory/verdict"
)

// Finding is the answer to one condition on one forest and prior.
type Finding struct {
	ID        string          `json:"id"` // of a Statement
	Statement string          `json:"statement"`
	Kind      Kind            `json:"kind"`
	Verdict   verdict.Verdict `json:"verdict"`
	// Number is the measured number, always finite, and Unit says what it is.
	Number float64 `json:"number"`
	Unit   string  `json:"unit"`
	// Witness shows the number: a forest in the command's grammar, a chain as the
	// JSON nested list that --chain and point: read from a file, or an entry of
	// the chain's mean. Empty where the number belongs to the whole prior.
	Witness string `json:"witness"`
	// Certainty is "exact" with its reason, or the confidence and the draws.
	Certainty string `json:"certainty"`
	// Source is how sure we are that this is the paper's statement.
	Source Source `json:"source"`
	// Quantiles describe the number's distribution over the prior's chains (over the
	// draws when the prior is sampled), where that says more than one number.
	Quantiles []Quantile `json:"quantiles,omitempty"`
}

// Quantile is the smallest value that at least a share Level of the chains do
// not exceed.
type Quantile struct {
	Level float64 `json:"level"`
	Value float64 `json:"value"`
}

// quantileLevels are those that findings report; 0 and 1 are the extremes.
var quantileLevels = [...]float64{0, 0.01, 0.1, 0.5, 0.9, 0.99, 1}

// quantiles sorts a copy of values, which must hold no NaN and at least one.
func quantiles(values []float64) []Quantile {
	sorted := slices.Sorted(slices.Values(values))
	list := make([]Quantile, len(quantileLevels))
	for i, level := range quantileLevels {
		rank := int(math.Ceil(level * float64(len(sorted))))
		list[i] = Quantile{Level: level, Value: sorted[max(rank, 1)-1]}
	}
	return list
}

// smallest is the index of the first smallest value.
func smallest(values []float64) int {
	at := 0
	for i, v := range values {
		if v < values[at] {
			at = i
		}
	}
	return at
}

// decided is Holds or Fails.
func decided(holds bool) verdict.Verdict {
	if holds {
		return verdict.Holds
	}
	return verdict.Fails
}
