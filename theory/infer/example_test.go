package infer_test

import (
	"fmt"

	"causalgrad/theory/infer"
	"causalgrad/theory/userfile"
)

// Tokens that count from 1 are not guessed; the user says so.
func ExampleRead() {
	o := infer.ReadOptions{Header: infer.Auto, Index: infer.Auto, OneBased: infer.Auto, Separator: userfile.Auto}
	_, _, err := infer.Read("testdata/09_onebased.csv", o)
	fmt.Println(err)
	o.OneBased = infer.Yes
	s, _, err := infer.Read("testdata/09_onebased.csv", o)
	fmt.Println(s.N, s.Columns, s.Tokens, s.Counts(), err)
	// Output:
	// file testdata/09_onebased.csv: token 0 never occurs: do tokens count from 1 (--one-based), or is 0 one that did not come up (--one-based=no)?
	// 400 8 3 [1117 1067 1016] <nil>
}
