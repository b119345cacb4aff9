// Package report makes the whole report: it gathers the evidence, judges the
// claims on it, draws the figures and derives every file of the report's folder
// from these, so that a saved report can be checked by deriving it again.
//
// Everything but the training runs' records is a function of the seed and the
// parts asked for; the records, with their trained parameters, lie in the folder
// beside what is derived from them. It reads no clock and prints nothing.
package report
