package graphfile_test

import (
	"fmt"

	"causalgrad/theory/graph/graphfile"
)

// A file with named nodes needs their order; what was decided comes as notes.
func ExampleParse() {
	_, err := graphfile.Parse("@testdata/43_named.dot", graphfile.Options{})
	fmt.Println(err)
	r, err := graphfile.Parse("@testdata/43_named.dot", graphfile.Options{Order: []string{"rain", "sprinkler", "wet", "slippery"}})
	fmt.Println(r.Graph, err)
	fmt.Println(r.Notes[0])
	// Output:
	// file testdata/43_named.dot: line 1: node "rain", want a 0-based position (0 to 4095) or "target"; named nodes need their order: --order rain,sprinkler,wet,slippery
	// dag:[[],[],[0,1],[2]] <nil>
	// file testdata/43_named.dot: nodes rain, sprinkler, wet, slippery are positions 0 to 2 and the target: T = 3
}
