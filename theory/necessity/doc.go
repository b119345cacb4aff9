// Package necessity asks which hypotheses of the paper's theorems carry the
// first step's conclusion, "the largest entry of every child's row, the child
// itself included, is its parent" (theory/README.md, section 4). It
// drops one hypothesis at a time, keeps the others, and searches forests and
// finite priors for the smallest failure on the exact first-step gradient.
//
// What it finds it shrinks to small integer ratios and proves in rational
// arithmetic. What it does not find it does not deny: an outcome says how many
// priors it evaluated, from which space, and how near the nearest one came.
//
// Every prior here is a finite list of equally weighted chains derived from
// one chain (Construction). The gradient does not change when tokens are
// relabelled, so each list stands for the prior that also holds all relabelled
// copies, which satisfies A3: the first step never needs A3 for itself.
//
// It never trains, never samples sequences and reads no clock.
package necessity
