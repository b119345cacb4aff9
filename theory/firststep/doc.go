// Package firststep computes the first gradient of the paper's reduced model
// exactly, at finite sequence length T (theory/README.md, section 3): -d2L/(dA1 dbeta0)
// at A1 = 0 and beta0 -> 0, where all attention is uniform and the model
// predicts the empirical token frequencies muhat of s_1..s_T. With 1-based i,
//
//	G[i][k] = 1/(S T i) ( F[i][k] - mean of F[i][l] over l <= i ),   k <= i,
//	F[i][k] = sum_q E[ c_i(q) 1[s_k=q] | s_T=q ],
//	c_i(q)  = sum_s pi[q][s]/(muhat_s+eps) (1[s_i=s] - muhat_s),
//
// a T x T lower-triangular matrix whose rows sum to 0 (descent direction: a
// positive entry is a weight that grows). A term with muhat_s = 0 is 0.
//
// Two independent ways lead to it: Gradient in polynomial time, and Rational over
// all prefixes without rounding. Average takes the mean over a prior; Ladder
// measures how the large-T form is approached.
//
// The same messages give the whole landscape to first order in A2, for every
// A1: Tensor keeps E[ c_i(q) 1[s_k=r] | s_T=q ] for every q and r, SecondLayer
// is the gradient in A2 at A2 = 0.
//
// # Method
//
// The expectation of 1/(muhat_s+eps) needs the joint distribution of the count N of s
// and of two tokens. Since 1/(N+T eps) is the integral of z^(N-1+T eps) over
// (0, 1), and N <= T, a Gauss rule of m nodes z gives it exactly with m = T/2
// and to rounding with m ~ sqrt(12 T): all that is left is E[z^N 1[s_i=s]
// 1[s_k=q]], a two-point function of a Markov chain on the forest reweighted by
// z on each s. Nodes and weights are positive, so is every term, and nothing
// cancels before the two subtractions of the definition. Roots of unity, the
// textbook alternative, would need T complex evaluations of the same function
// and cancel. The two-point function follows from a centroid decomposition:
// given the separator's token its branches are independent, and a pair costs S
// multiplications at each z instead of S^2.
//
// The package never samples sequences, trains nothing and knows no model.
package firststep
