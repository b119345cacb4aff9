// Package gen draws the cases of the laws with rapid: forests, DAGs, chains,
// priors, parameters and batches, of every kind that a claim of the paper
// speaks of.
//
// A drawn thing carries the name of the class it was drawn from, so that a run
// can count them; Shapes, Kinds and the like list the classes, simplest first.
// Everything shrinks towards the first class, few positions, few tokens and
// small integers. Where a class needs real randomness (Dirichlet rows) it takes
// a stream's seed, and a failure that does not depend on it shrinks into a
// readable class.
//
// It never asks a subject and never judges.
package gen
