// Package fault plants known mistakes in a subject and measures which laws
// notice them: the harness's own test.
//
// A fault is what a competent person really gets wrong: a transposed matrix, a
// mask off by one, a missing factor, a path of the chain rule that is not
// followed, a buffer that is not cleared. Most are slips of package plain, a
// complete second implementation with a switch for each mistake; the rest
// alter an answer on its way out. Every fault names the laws that are expected
// to catch it, and Sensitivity says which do.
//
// It never changes a law and never weakens a subject beyond the one mistake: a
// request that the subject refuses stays refused.
package fault
