package stat

import (
	"fmt"
	"math"
)

// PublishedRank is where one published value stands among n of ours.
type PublishedRank struct {
	Outcome
	N     int `json:"n"`
	Below int `json:"below"` // ours below the value
	Equal int `json:"equal"`
	Above int `json:"above"`
}

// RankOf asks whether one published value could be one more of our runs. If
// so, its rank among the n+1 is uniform, whatever the distribution, and
//
//	P = 2 min(1 + #{ours <= value}, 1 + #{ours >= value}) / (n + 1), at most 1,
//
// is an exact p-value for continuous results, and a cautious one with ties. No n
// values can give less than 2/(n+1): few runs say little about one value.
func RankOf(value float64, ours []float64, alpha float64) (PublishedRank, error) {
	if err := checkAlpha(alpha); err != nil {
		return PublishedRank{}, err
	}
	if !finite(value) {
		return PublishedRank{}, fmt.Errorf("stat: value is %v, expected a finite number", value)
	}
	if err := checkSample("ours", ours, 1); err != nil {
		return PublishedRank{}, err
	}
	r := PublishedRank{N: len(ours)}
	for _, v := range ours {
		switch {
		case v < value:
			r.Below++
		case v > value:
			r.Above++
		default:
			r.Equal++
		}
	}
	cases := float64(r.N + 1)
	p := 2 * float64(1+r.Equal+min(r.Below, r.Above)) / cases
	need := int(math.Ceil(2/alpha)) - 1
	r.Outcome = newOutcome(p, 2/cases, alpha, fmt.Sprintf("need >= %d runs of ours", need))
	return r, nil
}
