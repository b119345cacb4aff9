// Package conform runs the laws on an implementation in any language: a
// subject behind a command that answers JSON lines. It is both sides of the
// protocol: Start is a props.Subject that asks a command, Serve answers for a
// props.Subject.
//
// It never judges an answer beyond its form; the laws do. The folder adapters has
// adapters in Python: for a model of one's own in PyTorch or JAX, for the
// authors' code, and complete examples; `causalgrad conform --new FILE` writes an
// empty one.
//
// # Protocol, version 1
//
// The command is started once, in a process group of its own. Each request is
// one line of JSON on its standard input, and it answers each with one line on
// its standard output, in order, before it reads the next. When its input ends
// it exits. What it prints on standard error is kept (the last 2000 bytes) and
// quoted in messages; nothing but replies may go to standard output.
//
//	request  {"id": 7, "op": "stationary", "args": {...}}
//	reply    {"id": 7, "result": ...}    or    {"id": 7, "error": "one line"}    or    {"id": 7, "unsupported": "one line"}
//
// An error reply is a refusal: right where the request makes no sense (a chain
// with a negative entry), a violation of the law that asked elsewhere. An
// unsupported reply says that the command does not cover what is asked: the draw
// counts neither for it nor against it, another takes its place, and the reasons
// are counted and shown; a law with too few draws left is "not tried". Members
// that are not listed here are to be ignored.
//
// Everything is 0-based. S is the number of tokens, T the sequence length, N the
// number of sequences. Vectors that stand for arrays of more than one index are
// flat, the last index running fastest; chains (S x S, chain[a][b] = P(b | a))
// and answers about positions are nested lists. Numbers carry 17 significant
// digits. The numbers that JSON lacks are written as the strings "nan", "inf"
// and "-inf", in both directions; this program's other spellings, "NaN", "+Inf" and
// "-Inf", and the bare words NaN, Infinity and -Infinity,
// which Python's json module writes, are read too.
//
// The first request is
//
//	hello        args   {"protocol": 1}
//	             result {"protocol": 1, "name": "mine", "roundoff": 1.1e-16, "capabilities": ["stationary", ...],
//	                     "scope": {"models": ["disentangled"], "priors": ["dirichlet"], "graphs": ["forest"], "max_tokens": 10}}
//
// where roundoff is the unit roundoff of the arithmetic (2^-53 for float64,
// 2^-24 for float32), from which the laws derive their tolerances, and
// capabilities lists the operations that the command has, at least one. The
// others are never asked for, and the laws that need them are "not applicable".
// The scope, which may be absent and so may each of its members, is what the
// command covers: models of "disentangled", "reduced" and "transformer", priors of
// "dirichlet", "floor" and "chain", graphs of "forest" and "dag", "max_parents" of
// a DAG's position, and "min_tokens", "max_tokens", "min_length" and "max_length".
// Laws draw inside it.
//
//	sample       args   {"task": TASK, "n": N, "seed": 0 to 2^64-1}
//	             result BATCH, the same for the same seed
//	stationary   args   {"chain": [[...]]}
//	             result [S]
//	information  args   {"parents": [-1, 0, ...], "chain": [[...]]}
//	             result {"signal": [[...]], "information": [[...]]}, (T-1) x (T-1), [i][k], 0 for k > i
//	first_step   args   {"parents": [...], "chain": [[...]], "eps": 0}
//	             result [[...]], T x T, 0 above the diagonal
//	estimate     args   {"task": TASK, "batch": BATCH, "alpha": 0.1}
//	             result [N S]
//	evaluate     args   {"model": MODEL, "params": [P], "batch": BATCH}
//	             result {"loss": 1.2, "predictions": [N S], "gradient": [P]}
//	attend       args   as evaluate
//	             result [N heads T T], the first layer's weights, 0 above the diagonal
//	optimize     args   {"optimizer": OPTIMIZER, "params": [P], "gradients": [[P], ...]}
//	             result [[P], ...], the parameters after each step
//	train        args   {"model": MODEL, "task": TASK, "optimizer": OPTIMIZER, "only": "A1" or absent for all blocks,
//	                     "batch": 64, "steps": 3, "seed": 1, "workers": 2, "params": [P]}
//	             result {"params": [P], "losses": [steps]}, the losses before each step
//	measure      args   {"batch": BATCH, "predictions": [N S]}
//	             result {"loss": 1.2, "irreducible": 0.9, "sup_error": 0.1}
//
// with
//
//	TASK       {"tokens": S, "length": T, "parents": [T-1 parents, -1 a root] or "dag": [T+1 lists],
//	            "alpha": 0.1 and perhaps "gamma": 0.2, or "chain": [[...]]}
//	BATCH      {"count": N, "tokens": S, "length": T, "sequences": [N T], "targets": [N S], "chains": [N S S] or absent}
//	MODEL      {"kind": "disentangled", "tokens": S, "length": T, "heads": [1, 1]}
//	        or {"kind": "reduced", "tokens": S, "length": T, "eps": 0.01}
//	        or {"kind": "transformer", "tokens": S, "length": T, "layers": 2}
//	OPTIMIZER  {"kind": "sgd" or "adamw", "schedule": "constant" or "cosine", "lr": 1, "decay": 0, "steps": 10}
//
// A member whose value is 0 or empty may be absent. The parameters' layout is
// that of package model: "A{layer}.{head}" and then "W" for the disentangled
// transformer, "A1" and "A2" for the reduced model, every matrix row-major.
//
// # When the other side fails
//
// Every failure is an error of one line that names the command and the
// operation, and the run goes on:
//
//   - no answer in time (for hello a minute at least): the process group is killed; the next
//     request starts the command anew;
//   - it exits or is killed: it is started again, once, and asked again;
//   - a line that is not a reply, a reply to another request, a line that does
//     not end: as for no answer in time;
//   - NaN, a wrong type or a wrong shape in a result: the answer is refused.
//
// A slow answer, one that takes more than half of the time allowed, is noted and
// counts as any other.
//
// An operation that failed in one of the first three ways three times is not
// asked again, and a command that had to be started twenty times is given up.
package conform
