package userfile_test

import (
	"fmt"

	"causalgrad/theory/userfile"
)

// A table as pandas writes it: the labels are taken away, and said.
func ExampleParseMatrix() {
	m, err := userfile.ParseMatrix(",a,b\na,0.7,0.3\nb,0.2,0.8\n")
	fmt.Println(m.Values, m.ColumnNames, err)
	fmt.Println(m.Notes)
	// Output:
	// [[0.7 0.3] [0.2 0.8]] [a b] <nil>
	// [line 1 is taken for labels column 1 is taken for labels]
}
