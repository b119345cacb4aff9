package theorylaws

import (
	"fmt"
	"math"
	"strings"

	"causalgrad/props"
	"causalgrad/theory/necessity"
	"pgregory.net/rapid"
)

// changes are the ways to spoil a counterexample.
var changes = []struct {
	name string
	make func(t *rapid.T, c *necessity.Counterexample)
}{
	{"parent's entry", func(_ *rapid.T, c *necessity.Counterexample) { c.ParentEntry = "1" + c.ParentEntry }},
	{"competitor's entry", func(_ *rapid.T, c *necessity.Counterexample) { c.CompetitorEntry += "1" }},
	{"child", func(_ *rapid.T, c *necessity.Counterexample) { c.Child++ }},
	{"parent", func(_ *rapid.T, c *necessity.Counterexample) { c.Parent-- }},
	{"competitor", func(_ *rapid.T, c *necessity.Counterexample) { c.Competitor++ }},
	{"margin", func(_ *rapid.T, c *necessity.Counterexample) { c.Margin = math.Nextafter(c.Margin, -1) }},
	{"tie", func(_ *rapid.T, c *necessity.Counterexample) { c.Tie = !c.Tie }},
	{"length", func(t *rapid.T, c *necessity.Counterexample) {
		c.Length += rapid.SampledFrom([]int{-100, -1, 1, 9000}).Draw(t, "more")
	}},
	{"tokens", func(_ *rapid.T, c *necessity.Counterexample) { c.Tokens++ }},
	{"prior", func(_ *rapid.T, c *necessity.Counterexample) { c.Prior += "." }},
	{"chain", func(_ *rapid.T, c *necessity.Counterexample) { c.Chain = strings.Replace(c.Chain, "0.", "1.", 1) }},
	{"construction", func(t *rapid.T, c *necessity.Counterexample) {
		all := []necessity.Construction{necessity.Point, necessity.Columns, necessity.Shifts, necessity.Complement, "", "line"}
		to := rapid.IntRange(0, len(all)-1).Draw(t, "construction")
		if all[to] == c.Construction {
			to = len(all) - 1
		}
		c.Construction = all[to]
	}},
	{"forest", func(t *rapid.T, c *necessity.Counterexample) {
		c.Forest = rapid.SampledFrom([]string{"", "parents:", "parents:0", "parents:-1,5,0", "dag:[[],[],[0],[1]]", "chain", "icl", "parents:-1,-1,-1"}).Draw(t, "forest")
		if strings.HasPrefix(c.Forest, "dag") {
			c.Length = 0 // so that it parses
		}
	}},
	{"ratios", func(t *rapid.T, c *necessity.Counterexample) {
		c.Ratios = rapid.SampledFrom([]string{"", "[[", "[[]]", "[[1]]", "1/2", "[[1/2,1/2]]", "[[1/2,1/2],[1/2]]", "[[1/0,1],[1,0]]",
			"[[1/2,x],[1/2,1/2]]", "[[2/3,-1/3],[1/3,2/3]]", "[[1/3,1/3],[2/3,1/3]]", "[[1,0],[0,1]]", "[[3/7,4/7],[2/5,3/5]]"}).Draw(t, "ratios")
	}},
}

func (x refutation) verify(c necessity.Counterexample) error {
	_, err := props.Guarded(func() (struct{}, error) { return struct{}{}, x.s.VerifyRefutation(c) })
	return err
}

func refutedProofs(t *rapid.T, s props.Subject) {
	condition, o := drawFailing(t)
	x := refute(t, s, condition, o)
	if !x.Found {
		return
	}
	err := x.verify(*x.Counterexample)
	props.Demand(t, x.Case, err == nil, "proof of "+fmt.Sprint(*x.Counterexample), "verified", fmt.Sprint(err))
	for range 6 {
		changed := *x.Counterexample
		change := changes[rapid.IntRange(0, len(changes)-1).Draw(t, "change")]
		change.make(t, &changed)
		if changed == *x.Counterexample {
			continue
		}
		err := x.verify(changed)
		ok := err != nil && !strings.HasPrefix(err.Error(), "panic") && !strings.Contains(err.Error(), "\n")
		props.Demand(t, x.Where("%+v", changed), ok, "proof with another "+change.name, "refused in one line", fmt.Sprint(err))
	}
}

// spoiledOptions are out of bounds, each with what the error must say.
func spoiledOptions(t *rapid.T, condition string, o necessity.Options) (string, necessity.Options, string) {
	switch rapid.IntRange(0, 8).Draw(t, "what") {
	case 0:
		condition = rapid.SampledFrom([]string{"", "A0", "A5", "a1", "all", "A1,A2"}).Draw(t, "no condition")
		return condition, o, fmt.Sprintf("%q", condition)
	case 1:
		o.Evaluations = rapid.SampledFrom([]int{-1, math.MinInt}).Draw(t, "count")
		return condition, o, fmt.Sprintf("evaluations = %d", o.Evaluations)
	case 2:
		o.Gamma = rapid.SampledFrom([]float64{-0.1, 1, 2, math.NaN(), math.Inf(1)}).Draw(t, "no gamma")
		return condition, o, fmt.Sprintf("gamma = %v", o.Gamma)
	case 3:
		o.EffectiveLength = rapid.SampledFrom([]float64{0.5, -1, float64(o.MaxLength) + 0.5, math.NaN(), math.Inf(1)}).Draw(t, "no effective length")
		return condition, o, fmt.Sprintf("effective length = %v", o.EffectiveLength)
	case 4:
		o.MinLength = rapid.SampledFrom([]int{-1, 1, 2}).Draw(t, "no length")
		return condition, o, fmt.Sprintf("lengths %d to %d", o.MinLength, o.MaxLength)
	case 5:
		o.MaxLength, o.EffectiveLength = o.MinLength-1, 1
		return condition, o, "lengths "
	case 6:
		o.MaxTokens = rapid.SampledFrom([]int{-1, 1, 4, math.MaxInt}).Draw(t, "no tokens")
		return condition, o, fmt.Sprintf("tokens = %d", o.MaxTokens)
	case 7:
		o.MaxLength = rapid.SampledFrom([]int{18, 100, math.MaxInt}).Draw(t, "long")
		return condition, o, fmt.Sprintf("%d tokens at length %d", o.MaxTokens, o.MaxLength)
	}
	o.Constructions = []necessity.Construction{necessity.Point}
	if condition == necessity.ConstantMean {
		o.Constructions[0] = necessity.Columns
	}
	if condition != necessity.ConstantMean && rapid.Bool().Draw(t, "too few tokens") {
		o.Constructions[0], o.MaxTokens = necessity.Complement, 2
	}
	return condition, o, string(o.Constructions[0])
}

func refuteRefusals(t *rapid.T, s props.Subject) {
	condition, o := drawSearch(t, necessity.Conditions()...)
	condition, o, names := spoiledOptions(t, condition, o)
	_, err := props.Guarded(func() (necessity.Outcome, error) { return s.(Refuter).Refute(condition, o) })
	ok := err != nil && strings.Contains(err.Error(), names) && !strings.Contains(err.Error(), "\n") && !strings.HasPrefix(err.Error(), "panic")
	props.Demand(t, props.Case{}.Where("without %s: %+v", condition, o), ok, "outcome", "an error of one line about "+names, fmt.Sprint(err))
}
