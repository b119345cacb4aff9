package necessity

import "fmt"

// describe is the outcome in words.
func (o Outcome) describe() string {
	if !o.Found {
		return o.describeNothing()
	}
	c := o.Counterexample
	rival := fmt.Sprintf("position %d", c.Competitor)
	if c.Competitor == c.Child {
		rival = "the child itself"
	}
	relation := "loses to"
	if c.Tie {
		relation = "ties with"
	}
	text := fmt.Sprintf("%s, keeping %s: fails. T = %d, S = %d, %s, chain %s, %s: in row %d the parent %d %s %s, %s against %s (margin %.4g, exact arithmetic). Found after %d evaluations, shrunk with %d.",
		o.dropped(), o.Kept, c.Length, c.Tokens, c.Forest, c.Ratios, c.Prior, c.Child, c.Parent, relation, rival,
		c.ParentEntry, c.CompetitorEntry, c.Margin, o.Evaluations, o.Shrinking)
	return text + o.remark()
}

func (o Outcome) describeNothing() string {
	first, last := o.Cells[0], o.Cells[len(o.Cells)-1]
	nearest := first
	for _, c := range o.Cells {
		if c.Smallest < nearest.Smallest {
			nearest = c
		}
	}
	text := fmt.Sprintf("%s, keeping %s: no failure in %d evaluations over T = %d to %d, S = %d to %d (random forests and chains with local search; eps = 0).",
		o.dropped(), o.Kept, o.Evaluations, first.Length, last.Length, first.Tokens, last.Tokens)
	if nearest.Forest != "" {
		text += fmt.Sprintf(" The smallest lead of a parent was %.3g of its row's largest entry: T = %d, %s, chain %s, %s.",
			nearest.Smallest, nearest.Length, nearest.Forest, nearest.Chain, nearest.Prior)
	}
	return text + o.remark()
}

func (o Outcome) dropped() string {
	switch o.Condition {
	case None:
		return "Nothing dropped"
	}
	return "Without " + o.Condition
}

// remark says what is proved about a condition beyond the search.
func (o Outcome) remark() string {
	switch o.Condition {
	case Symmetry:
		return " The gradient does not change under relabelling, so a prior and the same prior with all relabelled copies have one mean gradient: without A3 nothing can fail here that does not fail with it."
	case StationaryRoots:
		return " With stationary roots the margin over an earlier position is a sum of squares; without them a second term appears that can be negative (theory/README.md, section 11)."
	case ConstantMean:
		return " The mean signal of a position on itself is E tr(pi) - 1, which only a constant mean makes 0."
	case NonDegeneracy:
		return " With equal rows the tokens are independent, and entries of a row before the child are equal; with nearly equal ones the finite-T terms, linear in B, can outweigh the signal, quadratic in it, at every T."
	case EffectiveLength:
		return " T1 asks T_eff >= poly(1/gamma, S), and a long sequence does not give it: on a star T_eff tends to 1/rho^2, and the failure stays at every length."
	case LowerBound:
		return " L2 guarantees the share 1 - sqrt(1-gamma) of the information as margin, which tends to 0 with gamma; a small margin is no failure."
	}
	return ""
}
