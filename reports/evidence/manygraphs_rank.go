package evidence

import (
	"fmt"
	"math"
)

// chanceOutside is the probability that one more run, of the same law as n runs,
// is below or above them all: the least P that a rank test with n seeds can give.
func chanceOutside(n int) float64 { return min(1, 2/float64(n+1)) }

// outsideByChance is the probability that at least k of independent events with
// the given probabilities happen.
func outsideByChance(k int, chances []float64) float64 {
	law := []float64{1} // of the number of events so far
	for _, c := range chances {
		next := make([]float64, len(law)+1)
		for i, p := range law {
			next[i] += float64(p * (1 - c))
			next[i+1] += float64(p * c)
		}
		law = next
	}
	tail := 0.0
	for i := len(law) - 1; i >= k; i-- {
		tail += law[i]
	}
	return math.Min(tail, 1)
}

// rankNotes say how little a rank among few seeds can say, and what the ranks
// of all forests say together.
func (m ManyGraphs) rankNotes() []string {
	var chances []float64
	outside, below, expected, fewest := 0, 0, 0.0, math.MaxInt
	for _, f := range m.Forests {
		if f.Range == NotComparable {
			continue
		}
		c := chanceOutside(len(f.Seeds))
		chances, expected, fewest = append(chances, c), expected+c, min(fewest, len(f.Seeds))
		if f.Range == Outside {
			outside++
			if f.Published < f.Ours.Min {
				below++
			}
		}
	}
	if len(chances) == 0 {
		return nil
	}
	p := fmt.Sprintf("P: exact two-sided rank test of the published value as one more of our seeds; with n seeds it cannot be below 2/(n+1), here %.2g for %d",
		chanceOutside(fewest), fewest)
	if chanceOutside(fewest) > ManyGraphsAlpha {
		p += fmt.Sprintf(": too few to find a difference in one forest at level %g, which takes %d", ManyGraphsAlpha, int(math.Ceil(2/ManyGraphsAlpha))-1)
	}
	return []string{p,
		fmt.Sprintf("all forests: %d of %d are outside (%d below our smallest, %d above our largest), %.1f expected were each published value one more of our seeds; at least as many by chance: P = %.2g",
			outside, len(chances), below, outside-below, expected, outsideByChance(outside, chances)),
	}
}
