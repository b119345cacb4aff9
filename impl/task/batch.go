package task

// Batch is a set of N sequences of T tokens with their targets.
type Batch struct {
	N, T, S int
	// Tokens is N x T, row-major: Tokens[n*T+i] is token i of sequence n.
	Tokens []uint16
	// Targets is N x S, row-major: the row y that the last token leads to.
	Targets []float64
	// Chains is nil, or N x S x S: a forest task then stores the transition
	// matrix of each sequence in it (for laws and for measurements).
	Chains []float64
}

// NewBatch allocates a batch of n sequences of length t over s tokens.
func NewBatch(n, t, s int) *Batch {
	return &Batch{N: n, T: t, S: s, Tokens: make([]uint16, n*t), Targets: make([]float64, n*s)}
}

// WithChains makes room for the transition matrices and returns b.
func (b *Batch) WithChains() *Batch {
	b.Chains = make([]float64, b.N*b.S*b.S)
	return b
}

// Sequence is the tokens of sequence n.
func (b *Batch) Sequence(n int) []uint16 { return b.Tokens[n*b.T : (n+1)*b.T] }

// Target is the target row of sequence n.
func (b *Batch) Target(n int) []float64 { return b.Targets[n*b.S : (n+1)*b.S] }

// Chain is the transition matrix of sequence n, when stored.
func (b *Batch) Chain(n int) []float64 { return b.Chains[n*b.S*b.S : (n+1)*b.S*b.S] }

// Slice is the sequences from, ..., to-1, sharing memory with b.
func (b *Batch) Slice(from, to int) *Batch {
	part := &Batch{N: to - from, T: b.T, S: b.S,
		Tokens: b.Tokens[from*b.T : to*b.T], Targets: b.Targets[from*b.S : to*b.S]}
	if b.Chains != nil {
		part.Chains = b.Chains[from*b.S*b.S : to*b.S*b.S]
	}
	return part
}

// Relabelled is a copy of b with token v called order[v], a permutation of
// 0..S-1, in sequences and targets. Chains are not copied.
func (b *Batch) Relabelled(order []int) *Batch {
	other := NewBatch(b.N, b.T, b.S)
	for i, v := range b.Tokens {
		other.Tokens[i] = uint16(order[v])
	}
	for n := range b.N {
		for v, p := range b.Target(n) {
			other.Targets[n*b.S+order[v]] = p
		}
	}
	return other
}
