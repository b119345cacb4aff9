// Package reference holds what the project is compared with: values computed
// by the paper's official JAX code, exact values from rational arithmetic and
// the published table of many graphs. It reads such files strictly and
// verifies this implementation against them.
//
//	Files, Open, Parse        the shipped files, a file by name or path, a file from memory
//	Verify, Check             rows of evidence for a file: quantity, errors, tolerance, pass
//	ManyGraphs, OfficialRerun, Trajectories  the published forests, the official code run again on some, training runs, typed
//
// # Kinds of file
//
// SCHEMA.md beside the files has every field. A file's kind is told by the one
// field that no other kind has:
//
//	points             Vectors      one batch; at each point parameters, outputs f, loss and gradient
//	runs               Runs         one batch; five steps of gradient descent or AdamW on it
//	matrices           Stationary   chains with their exact and their official stationary distribution
//	items              Bayes        batches with the official count estimator, with and without its wrap
//	trials             ForestTable  published: 20 forests and the attention deficit of their edges
//	(trials with a trajectory) ForestRerun  the official code of some of these forests, run again on a CPU
//	trajectory         Trajectory   one official float32 training run with its final parameters
//	(a list at the top) Gradients   exact first-step gradients, signals and chi-square informations
//	(entries with stage1) Dynamics  gradients at any first layer, stage 1 of Algorithm 1, count estimators' losses
//
// Tokens, positions and parents are 0-based, losses in nats, matrices nested
// lists, row-major. Numbers are the shortest decimals that read back to the
// same float64; NaN and infinities do not occur. Fields that are not listed in
// SCHEMA.md are no error: they are named in a row of the report.
//
// # What a row says
//
// Rows have one of three tiers. Rounding: both sides compute the same number,
// and the tolerance is a bound on rounding. Statistical: the file has a mean
// over its own random sequences, ours are others, and a test with a stated
// error rate decides. Information: nothing is decided, the row reports a
// difference that is known.
//
// The package never trains beyond the files' five steps, never writes, and
// never takes a tolerance from the data it judges.
package reference
