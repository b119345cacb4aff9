// Package kernel holds the inner loops of training: a matrix product, the
// exponential and softmax, and the loops over a sequence's triangle of attention
// weights. Each has a portable variant in Go and an AVX2 variant in assembly,
// which the module in asm generates; the product also has an AVX-512 variant.
//
// All perform the same operations in the same order, element by element and
// in fixed lanes of four, with math.FMA in Go exactly where the assembly fuses:
// their results are equal bit for bit (but for which NaN a NaN is), and which
// one runs is a matter of speed alone. The processor decides at start-up;
// CAUSALGRAD_KERNEL=portable|avx2|avx512 overrules it (see Err).
//
// The package knows no model and draws no random numbers. Sizes and tokens are
// checked in Go before a vector variant runs; a wrong one is a programming error
// and panics as an index out of range does.
//
// # What the profiles say
//
// One core of an AMD EPYC (Zen 3, 3.2 GHz), the loss and gradient of a sequence,
// heads 1,1, S=3, T=20: 1.15 µs, down from 8.5 µs sequence by sequence with T x T
// derivatives. Shares: Backward 15%, Gemm 14% (at 80% of the fused units' speed),
// Features 10%, Softmax 7%, Build 7%, OverKeys and OverQueries 6% each, LookUp
// 3%; the rest is Go between the calls. What made the difference, in order:
//
//   - The derivative of the first layer's weights is of rank two in the second
//     layer's vectors, so no triangle of derivatives is formed (Backward).
//   - The second layer's matrices act on the last query alone: three products
//     over a block of sequences instead of passes over d x d a sequence (Gemm).
//   - Lanes are queries, in tiles of 4 x 4: a table row is transposed in
//     registers, so that neither the look-up of a key's token nor the sum by
//     token needs a gather or scatter.
//   - Adding to one token's sum again and again waits 13 cycles for the store
//     before. Backward therefore walks down columns of tiles, and Features keeps
//     four sums a token.
//   - Backward moves 44 vectors a tile through two load ports and one store port;
//     it is bound by these, not by its 16 fused steps.
//
// On a core of AMD's family 26 (Zen 5, 4.2 GHz) the same takes 0.67 µs with AVX2
// and 0.64 µs with AVX-512: Gemm's share is 18% with AVX2, and vectors of eight
// halve it (1.23 instead of 2.17 µs for 64 x 48 x 23). At S=5, T=32, heads 2,1 they
// save 18%, in the reduced model at T=256 19%. The loops over triangles stay at
// four lanes: a tile row is four queries.
package kernel

//go:generate sh -c "cd asm && go run . -out ../kernel_amd64.s -stubs ../kernel_amd64.go -pkg kernel"

// Lanes is the width of the fixed blocks: four float64.
const Lanes = 4

// Pad rounds n up to a multiple of Lanes.
func Pad(n int) int { return (n + Lanes - 1) &^ (Lanes - 1) }
