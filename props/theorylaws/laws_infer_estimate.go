package theorylaws

import (
	"fmt"
	"math"

	"causalgrad/props"
	"causalgrad/props/oracle"
	"causalgrad/theory/graph"
	"causalgrad/theory/infer"
	"gonum.org/v1/gonum/mathext"
	"pgregory.net/rapid"
)

func inferEstimateLaws() []props.Law {
	return []props.Law{
		{ID: "infer-first-step-definition", Source: "theory.md section 3", Needs: inference, Draws: 40, Check: inferFirstStepDefinition,
			Sentence: "Entries, margins and their standard errors are the means of the products Z and of their differences; the p-value is the worst competitor's."},
		{ID: "infer-shared-definition", Source: "theory.md section 3", Needs: inference, Draws: 40, Check: inferSharedDefinition,
			Sentence: "The information of two columns is that of their contingency table less its bias, its standard error that of the derivative (delta method)."},
		{ID: "infer-interval", Source: "theory.md section 3", Needs: inference, Draws: 60, Check: inferInterval,
			Sentence: "A margin's interval is centred, grows with the confidence, has Student's probability and leaves 0 out exactly when p says so."},
		{ID: "infer-coverage", Source: "theory.md section 3", Needs: inference, Draws: 4, FalseAlarm: props.SampleAlarm, Check: inferCoverage,
			Sentence: "The 95 % interval of an entry misses its exact expectation in at most 10 % of fresh samples."},
	}
}

// products is Z_ik of every sequence, for one row.
func (x sequences) products(weight infer.Weight, eps float64, i int) [][]float64 {
	positions := x.Columns - 2
	all := make([][]float64, x.N) // [n][k]
	for n := range all {
		row := x.Row(n)
		query, answer, frequency := row[positions], row[positions+1], 0.0
		for _, v := range row[:positions+1] {
			if v == answer {
				frequency += 1 / float64(positions+1)
			}
		}
		c := oracle.Indicator(row[i] == answer)
		if weight == infer.Gradient {
			if frequency == 0 {
				c = 0
			} else {
				c = (c - frequency) / (frequency + eps)
			}
		}
		all[n] = make([]float64, positions)
		for k := range positions {
			all[n][k] = float64(x.Tokens) * c * oracle.Indicator(row[k] == query)
		}
	}
	return all
}

// deviation is the mean of values and its squared standard error, in two passes.
func deviation(values []float64) (mean, variance float64) {
	for _, v := range values {
		mean += v / float64(len(values))
	}
	for _, v := range values {
		variance += (v - mean) * (v - mean)
	}
	return mean, variance / float64(len(values)*(len(values)-1))
}

// studentTail is P(T > t) of Student's law.
func studentTail(t, freedom float64) float64 {
	tail := mathext.RegIncBeta(freedom/2, 0.5, freedom/(freedom+t*t)) / 2
	if t < 0 {
		return 1 - tail
	}
	return tail
}

func inferFirstStepDefinition(t *rapid.T, s props.Subject) {
	x := drawSequences(t, s)
	weight := rapid.SampledFrom([]infer.Weight{infer.Gradient, infer.Plain}).Draw(t, "weight")
	eps := rapid.SampledFrom([]float64{0, 0.1, 1}).Draw(t, "eps")
	e := x.firstStep(weight, eps)
	x.Case = x.Where("weight %s, eps %v", weight, eps)
	for i := range x.Columns - 2 {
		z := x.products(weight, eps, i)
		difference := func(a, b int) (values []float64) {
			for n := range z {
				v := z[n][a]
				if b >= 0 {
					v -= z[n][b]
				}
				values = append(values, v)
			}
			return values
		}
		for k := range i + 1 {
			mean, variance := deviation(difference(k, -1))
			props.Within(t, x.Case, props.At("entry", i, k), e.Entries[i][k], mean, 2*x.slack())
			props.Within(t, x.Case, props.At("squared standard error", i, k), e.StdErr[i][k]*e.StdErr[i][k], variance, 2*x.squaredSlack())
		}
		if i == 0 {
			continue
		}
		r, candidates := e.Rows[i-1], i
		if weight == infer.Gradient {
			candidates++
		}
		props.Within(t, x.Case, fmt.Sprintf("strength of child %d", i), r.Strength, e.Entries[i][r.Winner], x.slack())
		props.Within(t, x.Case, fmt.Sprintf("its standard error of child %d", i), r.StrengthErr, e.StdErr[i][r.Winner], x.slack())
		for k := range candidates {
			props.AtMost(t, x.Case, props.At("entry", i, k), e.Entries[i][k], r.Strength, 2*x.slack())
		}
		x.judged(r, candidates, func(k int) (mean, variance float64) { return deviation(difference(r.Winner, k)) }, 2*x.slack(), 2*x.squaredSlack())
	}
}

// judged demands that a row's competitor has the margin that it tells, and that
// the row's p-value is the largest of all competitors'. A p-value is compared
// where its standard error is known to a thousandth: t then is too, and p, whose
// derivative in log t is at most 0.5 either side, to 1e-3.
func (x sequences) judged(r infer.Row, candidates int, difference func(k int) (mean, variance float64), slack, squaredSlack float64) {
	if r.Competitor == graph.Root {
		return
	}
	what := fmt.Sprintf("child %d over %d", r.Child, r.Competitor)
	mean, variance := difference(r.Competitor)
	props.Within(x.t, x.Case, "margin of "+what, r.Margin, mean, slack)
	props.Within(x.t, x.Case, "squared standard error of "+what, r.MarginErr*r.MarginErr, variance, squaredSlack)
	for k := range candidates {
		if k == r.Winner {
			continue
		}
		mean, variance := difference(k)
		if variance < 1e3*squaredSlack {
			continue // no spread, up to rounding
		}
		p := math.Min(1, 2*studentTail(mean/math.Sqrt(variance), float64(x.N-1)))
		props.AtLeast(x.t, x.Case, fmt.Sprintf("p-value of child %d against %d", r.Child, k), r.P, p, 1e-3)
		if k == r.Competitor && r.Child > 1 {
			x.dependent(r, p)
		}
	}
}

// dependent demands that the p-value is the competitor's own, unless a larger
// one, of independence, takes its place: no more than 1.
func (x sequences) dependent(r infer.Row, p float64) {
	if x.independence == nil {
		props.Within(x.t, x.Case, fmt.Sprintf("p-value of child %d", r.Child), r.P, p, 1e-3)
		return
	}
	props.Within(x.t, x.Case, fmt.Sprintf("p-value of child %d", r.Child), r.P, math.Max(p, x.independence(r)), 1e-3)
}

// contingency is the empirical joint law of two columns, and its margins.
func (x sequences) contingency(k, i int) (joint [][]float64, left, right []float64) {
	joint, left, right = make([][]float64, x.Tokens), make([]float64, x.Tokens), make([]float64, x.Tokens)
	for a := range joint {
		joint[a] = make([]float64, x.Tokens)
	}
	one := 1 / float64(x.N)
	for n := range x.N {
		a, b := x.Row(n)[k], x.Row(n)[i]
		joint[a][b] += one
		left[a] += one
		right[b] += one
	}
	return joint, left, right
}

// chiSquareParts is sum (P - P_a P_b)^2/(P_a P_b), and its derivative in the
// direction from the law to each cell's point mass, by the quotient rule.
func (x sequences) chiSquareParts(k, i int) (value float64, influence [][]float64) {
	joint, left, right := x.contingency(k, i)
	influence = make([][]float64, x.Tokens)
	for a := range joint {
		influence[a] = make([]float64, x.Tokens)
		for b, p := range joint[a] {
			if left[a] > 0 && right[b] > 0 {
				independent := left[a] * right[b]
				value += (p - independent) * (p - independent) / independent
			}
		}
	}
	for a := range joint {
		for b := range joint[a] {
			for c := range joint {
				for d, p := range joint[c] {
					if p == 0 {
						continue
					}
					toCell, toLeft, toRight := oracle.Indicator(a == c && b == d)-p, oracle.Indicator(a == c)-left[c], oracle.Indicator(b == d)-right[d]
					influence[a][b] += p / (left[c] * right[d]) * (2*toCell - p*toLeft/left[c] - p*toRight/right[d])
				}
			}
		}
	}
	return value, influence
}

func inferSharedDefinition(t *rapid.T, s props.Subject) {
	x := drawSequences(t, s)
	e := x.shared()
	for i := 1; i < x.Columns; i++ {
		r := e.Rows[i-1]
		values := make([][]float64, i) // [k][n]: influence of sequence n
		independent := make([]float64, i)
		for k := range i {
			value, influence := x.chiSquareParts(k, i)
			freedom := float64((x.occurring(k) - 1) * (x.occurring(i) - 1))
			props.Within(t, x.Case, props.At("information", i, k), e.Information[i][k], value-freedom/float64(x.N), 2*x.informationSlack())
			props.AtMost(t, x.Case, props.At("information", i, k), e.Information[i][k], r.Strength, 2*x.informationSlack())
			independent[k] = 1
			if freedom > 0 {
				independent[k] = mathext.GammaIncRegComp(freedom/2, value*float64(x.N)/2)
			}
			for n := range x.N {
				values[k] = append(values[k], influence[x.Row(n)[k]][x.Row(n)[i]])
			}
		}
		props.Within(t, x.Case, fmt.Sprintf("strength of child %d", i), r.Strength, e.Information[i][r.Winner], x.informationSlack())
		_, variance := deviation(values[r.Winner])
		// An influence is at most 4 N in size, each with a few N roundings.
		squaredSlack := 64 * float64(x.N) * x.informationSlack()
		props.Within(t, x.Case, fmt.Sprintf("squared standard error of child %d", i), r.StrengthErr*r.StrengthErr, variance, squaredSlack)
		x.independence = func(r infer.Row) float64 { return math.Min(1, float64(r.Child)*independent[r.Winner]) }
		// Moving chi-square by d moves its tail by at most sqrt(d): at one degree
		// of freedom P(X < d) <= sqrt(2 d/pi), at more the density is at most 1/2.
		tail := float64(i) * math.Sqrt(2*float64(x.N)*x.informationSlack())
		props.AtLeast(t, x.Case, fmt.Sprintf("p-value of child %d", i), r.P, x.independence(r), tail)
		if i == 1 {
			props.Within(t, x.Case, "p-value of child 1, of independence alone", r.P, x.independence(r), tail)
		}
		x.judged(r, i, func(k int) (mean, variance float64) {
			differences := make([]float64, x.N)
			for n := range differences {
				differences[n] = values[r.Winner][n] - values[k][n]
			}
			_, variance = deviation(differences)
			return e.Information[i][r.Winner] - e.Information[i][k], variance
		}, 4*x.informationSlack(), squaredSlack)
	}
}
