// Package condition checks the hypotheses of the paper's theorems on a user's
// own forest and prior, numerically and one by one (theory/README.md, section 4), says
// what follows when they hold, and puts beside it what the exact first-step
// gradient does.
//
// A finding's verdict is never better than its evidence. For a finite prior
// every number is an exact finite sum (up to rounding). For the parametric
// priors of package markov the conditions are decided by construction, from
// the infimum or the mean of the distribution itself (families.go), and the draws only
// describe it. For any other prior they are tested on draws at a stated error
// rate: a test can refute, and what it does not refute stays undecided.
//
// All statements of the paper, with how sure we are of each, are in
// statements.go and nowhere else.
//
// The package never trains, samples no sequence and knows no model.
package condition
