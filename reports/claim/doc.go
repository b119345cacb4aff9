// Package claim is the claims ledger: one entry for each claim of the paper and
// for what this project adds to it, with a function from the gathered evidence to
// a verdict.
//
// It holds the wording of the claims and how sure that wording is, in one place.
// It gathers nothing itself, and no claim holds by default: one whose evidence
// is not there has not been run. Thresholds are part of a claim's statement.
package claim
