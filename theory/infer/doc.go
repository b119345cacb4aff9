// Package infer estimates a causal forest from sequences alone, without the
// transition matrices that made them.
//
// Two settings, two estimators:
//
//   - Every sequence has a chain of its own (the paper's task): FirstStep. A row
//     of data is the prefix s_1..s_(T-1), the query s_T, uniform and independent,
//     and the answer y ~ pi[s_T]. With q = s_T the products
//
//     Z_ik = S c_i 1[s_k=q],  c_i = 1[s_i=y]/(muhat_y+eps) - muhat_y/(muhat_y+eps),
//
//     have the mean F_ik of the first gradient of the reduced model
//     (theory/README.md, section 3; firststep): they are its unbiased Monte
//     Carlo, with the answer one-hot in place of its row of pi. For large T, F_ik
//     is the mean signal g_ik, and g_{i,p(i)} the mean chi-square information of parent and child.
//
//   - All sequences share one chain: SharedChain, the chi-square information of
//     pairs of columns, bias removed.
//
// # What is guaranteed
//
// The paper's weight 1/muhat depends on the whole prefix, so at finite T the
// means of a root's row differ by O(1/T): with enough sequences a false edge
// becomes significant. FirstStep therefore also has the plain weight
// c_i = 1[s_i=y]. Then E Z_ik = E sum_ab pi[a][b] P(s_k=a, s_i=b), and with
// A = D^(1/2) pi and Q the normalised joint distribution of s_k and s_p(i), of norm 1,
// it is <A, Q A> <= <A, A>, the parent's: for every chain, every prior and every
// T the parent is the row's largest among k < i, and a root's row is exactly
// constant. No bias, no condition on the prior; but no entry to compare a single
// candidate with, so position 1 stays undecided.
//
// A row's p-value tests "the winner is strictly largest" against every
// competitor by a paired t test, doubled for having looked for the winner: at
// two candidates this is exactly the two-sided test, with more it is
// conservative (rank verification: Hung and Fithian, Ann. Stat. 47 (2019)).
//
// Nothing can be inferred where no signal exists: chains of rank one, answers
// that do not come from the sequence's chain, tokens relabelled between prefix
// and answer. Such rows stay undecided; that is no proof of a root.
//
// The package draws nothing and trains nothing; positions and tokens are 0-based.
package infer
