package theorylaws

import (
	"fmt"
	"math"
	"strings"

	"causalgrad/props"
	"causalgrad/theory/necessity"
	"pgregory.net/rapid"
)

// sharpening is what a search may spend on a failure, once it has one, beyond
// its budget.
const sharpening = 200

// refutedStrictly: up to its first failure a search does not depend on what it
// counts as one.
func refutedStrictly(t *rapid.T, s props.Subject) {
	condition, o := drawFailing(t)
	loose := refute(t, s, condition, o)
	o.Strict = true
	strict := refute(t, s, condition, o)
	if strict.Found {
		props.Demand(t, strict.Case, !strict.Counterexample.Tie && strict.Counterexample.Margin < 0, "counterexample", "no tie", fmt.Sprint(strict.Counterexample.Margin))
		props.Demand(t, strict.Case, loose.Found, "the search that counts ties", "a failure", "none")
	}
}

// refuteAgain searches one cell, of which a smaller budget sees the beginning.
func refuteAgain(t *rapid.T, s props.Subject) {
	condition, o := drawSearch(t, necessity.Conditions()...)
	o.MaxLength = o.MinLength
	o.MaxTokens = 2
	if condition == necessity.Symmetry {
		o.MaxTokens = 3 // two have no prior without A3
	}
	first, again := refute(t, s, condition, o), refute(t, s, condition, o)
	props.Equal(t, first.Case, "description", []string{again.Description}, []string{first.Description})
	props.Equal(t, first.Case, "cells", again.Cells, first.Cells)
	if first.Found {
		props.Equal(t, first.Case, "counterexample", []necessity.Counterexample{*again.Counterexample}, []necessity.Counterexample{*first.Counterexample})
	}
	o.Evaluations += 100
	more := refute(t, s, condition, o)
	props.Demand(t, more.Case, more.Found || !first.Found, "the larger budget", "a failure too", "none")
	if !first.Found {
		props.AtMost(t, more.Case, "smallest margin", more.Cells[0].Smallest, first.Cells[0].Smallest, 0)
		o.Seed++ // another stream, another nearest miss
		other := refute(t, s, condition, o)
		unlike := other.Cells[0].Chain != more.Cells[0].Chain || other.Cells[0].Forest == ""
		props.Demand(t, other.Case, unlike, "the nearest chain under another seed", "another", other.Cells[0].Chain)
	}
}

func refuteBudget(t *rapid.T, s props.Subject) {
	condition, o := drawSearch(t, necessity.Conditions()...)
	x := refute(t, s, condition, o)
	total, n := 0, 0
	for length := o.MinLength; length <= o.MaxLength; length++ {
		for tokens := 2; tokens <= o.MaxTokens; tokens++ {
			if condition == necessity.Symmetry && tokens == 2 {
				continue // no such prior
			}
			if n == len(x.Cells) {
				props.Demand(t, x.Case, x.Found, "cells", "all, as nothing was found", fmt.Sprint(x.Cells))
				break
			}
			cell := x.Cells[n]
			props.Equal(t, x.Case, "length and tokens of a cell", []int{cell.Length, cell.Tokens}, []int{length, tokens})
			total += cell.Evaluations
			n++
		}
	}
	props.Equal(t, x.Case, "cells and evaluations", []int{len(x.Cells), x.Evaluations}, []int{n, total})
	if x.Found {
		props.AtMost(t, x.Case, "evaluations", float64(x.Evaluations), float64(o.Evaluations+sharpening), 0)
		props.AtLeast(t, x.Case, "evaluations spent on shrinking", float64(x.Shrinking), 1, 0)
		last := x.Cells[len(x.Cells)-1]
		props.Equal(t, x.Case, "tokens of the counterexample", []int{x.Counterexample.Tokens}, []int{last.Tokens})
	} else {
		props.Equal(t, x.Case, "evaluations", []int{x.Evaluations, x.Shrinking}, []int{o.Evaluations, 0})
	}
}

// refutedWords: what the sentence says is what the fields say.
func refutedWords(t *rapid.T, s props.Subject) {
	condition, o := drawSearch(t, necessity.Conditions()...)
	o.Strict = condition == necessity.NonDegeneracy && rapid.Bool().Draw(t, "strict")
	x := refute(t, s, condition, o)
	words := []string{condition, x.Kept, fmt.Sprintf("%d evaluations", x.Evaluations)}
	if condition == necessity.None {
		words[0] = "Nothing dropped"
	}
	if x.Found {
		c := x.Counterexample
		relation := "loses to "
		if c.Tie {
			relation = "ties with "
		}
		rival := fmt.Sprintf("position %d", c.Competitor)
		if c.Competitor == c.Child {
			rival = "the child itself"
		}
		words = append(words, "fails", c.Forest, c.Ratios, c.Prior, fmt.Sprintf("T = %d, S = %d", c.Length, c.Tokens), relation+rival,
			fmt.Sprintf("in row %d the parent %d", c.Child, c.Parent), c.ParentEntry+" against "+c.CompetitorEntry)
	} else {
		nearest := math.Inf(1)
		for _, cell := range x.Cells {
			nearest = math.Min(nearest, cell.Smallest)
		}
		words = append(words, "no failure in")
		if !math.IsInf(nearest, 1) {
			words = append(words, fmt.Sprintf("%.3g of its row's largest entry", nearest))
		}
	}
	for _, gamma := range []struct {
		kept bool
		name string
	}{{condition != necessity.LowerBound, "A1"}, {condition != necessity.NonDegeneracy, "A2"}} {
		props.Demand(t, x.Case, strings.Contains(x.Kept, fmt.Sprintf("%s (gamma = %g)", gamma.name, o.Gamma)) == gamma.kept, "hypotheses kept", fmt.Sprint(gamma), x.Kept)
	}
	for _, word := range words {
		props.Demand(t, x.Case, strings.Contains(x.Description, word), "description", "to say "+word, x.Description)
	}
	props.Demand(t, x.Case, !strings.Contains(x.Description, "\n"), "description", "one line", x.Description)
}

// refuteDefaults leaves options out one by one. Without A4 a failure is found
// long before the default budget ends.
func refuteDefaults(t *rapid.T, s props.Subject) {
	condition := rapid.SampledFrom([]string{necessity.ConstantMean, necessity.EffectiveLength}).Draw(t, "condition")
	stated := necessity.Options{Seed: props.DrawSeed(t), Gamma: 0.3, EffectiveLength: 7, MaxTokens: 3}
	if condition == necessity.ConstantMean {
		stated.Evaluations, stated.MinLength, stated.MaxLength = 60000, 9, 10
	} else {
		stated.Evaluations, stated.MinLength, stated.MaxLength, stated.MaxTokens = 60, 3, 8, 2
	}
	want := refute(t, s, condition, stated)
	without := []func(o *necessity.Options){
		func(o *necessity.Options) { o.Gamma = 0 },
		func(o *necessity.Options) { o.MinLength, o.MaxLength, o.EffectiveLength = 0, 0, 0 },
	}
	if condition == necessity.ConstantMean {
		without = append(without, func(o *necessity.Options) { o.Evaluations, o.MaxTokens = 0, 0 })
	}
	for _, leave := range without {
		o := stated
		leave(&o)
		got := refute(t, s, condition, o)
		props.Equal(t, got.Case, "description with defaults", []string{got.Description}, []string{want.Description})
	}
}
