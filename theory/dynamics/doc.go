// Package dynamics follows the paper's Algorithm 1 beyond its first step,
// exactly, in the limit of a small second layer (theory/README.md, section 8).
//
// To first order in A2 the loss of the reduced model is bilinear in the first
// layer's attention a and in A2. At A2 = beta0 I every row of A1 therefore is a
// softmax policy on a bandit with constant payoffs w, which the first gradient
// already tells (FromGradient):
//
//	-dL/dA1[i][k] = beta0 a[i][k] (w[i][k] - sum_l a[i][l] w[i][l]) + O(beta0^2).
//
// Stage 1 is gradient ascent on it: Steps with the algorithm's finite steps,
// Flow in continuous time. Neither samples anything.
//
// # What always holds
//
// From the uniform start, at any rate, the attention of the largest payoff
// stays the largest of its row and never falls: its logit gains the most, since
// both of its factors, a and w - mean, are the largest. Equal payoffs keep equal
// attention. In the flow the order of a row never changes: where two attentions
// meet, the one with the larger payoff gains more. With finite steps the losers
// may change places, if three or more entries compete. In the flow the rest of
// the attention falls like Tail over time; finite steps follow the flow with an
// error of the order of the rate.
//
// Positions are 0-based, matrices lower triangular, time is counted in steps.
// The package never samples, trains or knows a model; its numbers are means over
// a prior where the gradient it is given is one.
package dynamics
