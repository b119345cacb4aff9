package count_test

import (
	"fmt"

	"causalgrad/theory/count"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// The longer the sequence, the nearer the count estimator is to the best that
// somebody who knows the chain can do.
func ExampleLoss() {
	chain, err := markov.NewChain([][]float64{{0.75, 0.25}, {0.5, 0.5}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("L* = %.4f\n", count.Irreducible(chain))
	for _, length := range []int{8, 64, 512} {
		forest, err := graph.Chain(length)
		if err != nil {
			fmt.Println(err)
			return
		}
		loss, err := count.Loss(forest, chain, 1)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("T = %3d: %.4f\n", length, loss)
	}
	// Output:
	// L* = 0.6277
	// T =   8: 0.6982
	// T =  64: 0.6453
	// T = 512: 0.6299
}
