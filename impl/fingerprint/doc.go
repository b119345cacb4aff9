// Package fingerprint condenses everything that must have the same bits on every
// machine into a short list of digests: exponentials and logarithms, variates and
// sequences, exact first-step gradients, the numbers of the commands that train
// nothing, and every preset of impl/experiment trained for a few steps and
// measured.
//
// A digest depends on the program alone: not on the number of workers, the kernel
// variant, the instruction set, the operating system or the Go release. Two
// machines whose digests agree train the same weights. The package knows no
// golden and never judges: golden/runs holds the digests, reports compares.
//
// Numbers that come from gonum's decompositions (markov.Spectrum), such as the
// spectral gap in the answer of check, are promised to rounding only and feed no
// training: nine digits of them count.
package fingerprint
