// Package fault plants known mistakes in a subject and measures which laws
// notice them: the harness's own test. It also recognises these mistakes in
// somebody else's answers.
//
// A mistake is what a competent person really gets wrong in an implementation of
// the paper: a transposed matrix, a mask off by one, a missing factor, a path of
// the chain rule that is not followed, a buffer that is not cleared. Most are
// made by plain, a second implementation of everything that a subject can do,
// with a switch at the place where a person would make the mistake: each is
// declared in the file where it is made. The transformer's are made by changing
// the parameters that the right one is asked with. Every mistake names the laws
// that are expected to catch it, and Sensitivity says which do.
//
// It never changes a law and never weakens a subject beyond the one mistake: a
// request that the subject refuses stays refused.
package fault
