// Package stat compares our results with official and published numbers, which
// cannot agree with ours bit for bit: other random streams, other hardware,
// another language.
//
// The caller names the question and the package answers with a verdict in words:
//
//	equivalent   the difference is shown to be smaller than a margin named beforehand
//	different    the difference is shown
//	undecided    neither could be shown with these data
//
// Only [TOST] can say "equivalent". A significance test alone
// says "different" or "undecided": not finding a difference is never agreement.
//
//	mean and difference   [MeanInterval], [Welch]
//	equivalence           [TOST]
//	without normality     [RankOf]
//	counts                [ClopperPearson], [BinomialTest]
//	many entries at once  [ZTest], [Holm]
//	convergence rates     [FitLine], [FitRate]
//
// Conventions. alpha is the error rate of a test, in (0, 0.5). confidence is
// the coverage of an interval, in [0.5, 1): the two ranges do not meet, so one
// passed for the other is an error. P values are two-sided unless a name
// says otherwise, and a P of 0 means that it underflowed. Indices are 0-based. What is
// weak about an answer travels with it in Warnings, which say what would help.
// NaN, infinities, too few samples and impossible parameters are errors that
// name the argument, its value and what was expected; no result holds a NaN.
//
// What it never does: train, read files, choose a margin, or draw from any
// generator but the one keyed by the seed the caller passes. The last digits of
// P values, intervals and fits may depend on the machine (gonum and the standard library use
// its instructions); means and variances do not.
package stat
