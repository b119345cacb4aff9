package kernel

import "fmt"

// Rows is a row of numbers for every sequence of a block: row i begins at
// Data[i*Step].
type Rows struct {
	Data []float64
	Step int
}

// From is the rows that begin at the entry of each row.
func (r Rows) From(entry int) Rows { return Rows{r.Data[entry:], r.Step} }

// Row is row i and all that follows it.
func (r Rows) Row(i int) []float64 { return r.Data[i*r.Step:] }

// check panics unless n rows of the width are in memory; n is positive.
func (r Rows) check(n, width int) {
	if r.Step < 0 {
		panic(fmt.Sprintf("kernel: rows with step %d", r.Step))
	}
	_ = r.Data[(n-1)*r.Step+width-1]
}

// Block is a block of sequences in the form that the loops over their triangles
// read: where their queries' table rows are, and the tokens of their keys. Its
// methods do the same to every sequence, one after the other: one call for all.
type Block struct {
	shape Shape
	n     int   // sequences now
	query []int // [sequence] Length offsets of table rows
	key   []int // [sequence] Length tokens times Length; padding is 0
	token []int // [sequence] Length tokens; padding is 0

	scratch []float64 // Build, Backward and Features' own
}

// NewBlock returns a block for up to size sequences; it has none yet.
func NewBlock(s Shape, size int) *Block {
	b := &Block{shape: s, query: make([]int, size*s.Length), key: make([]int, size*s.Length), token: make([]int, size*s.Length),
		scratch: make([]float64, s.scratch())}
	for j := range b.query {
		b.query[j] = s.Empty()
	}
	return b
}

// Set makes the sequences in tokens, T each, the block's. A token from S on or
// more sequences than there is room for is a programming error.
func (b *Block) Set(tokens []uint16) {
	s := &b.shape
	b.n = len(tokens) / s.T
	if b.n == 0 {
		return
	}
	_ = b.query[b.n*s.Length-1]
	if largest := b.set(tokens[:b.n*s.T]); largest >= s.S {
		panic(fmt.Sprintf("kernel: token %d, want below %d", largest, s.S))
	}
}

// set returns the largest token.
func (b *Block) set(tokens []uint16) int {
	s, largest, width := &b.shape, 0, b.shape.Row()
	if vector() {
		return setAVX2(&b.query[0], &b.key[0], &b.token[0], &tokens[0], b.n, s.T, s.Length, s.S*width, width)
	}
	for i := range b.n {
		query, key, token := b.query[i*s.Length:][:s.T], b.key[i*s.Length:][:s.T], b.token[i*s.Length:][:s.T]
		first := 0 // row of token 0
		for j, v := range tokens[i*s.T : (i+1)*s.T] {
			a := int(v)
			largest = max(largest, a)
			query[j], key[j], token[j] = (first+a)*width, a*s.Length, a
			first += s.S
		}
	}
	return largest
}
