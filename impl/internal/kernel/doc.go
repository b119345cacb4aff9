// Package kernel holds the inner loops of training: a matrix product, the
// exponential and softmax, and the loops over a sequence's triangle of attention
// weights. Each has a portable variant in Go and an AVX2 variant in assembly,
// which the module in asm generates; the products, the exponential and some of
// the loops also have an AVX-512 variant. So have the loops of sampling from eight streams
// at once: their words and first proposals, whose portable variant is package stream's
// own, their rows, stationary distributions and tokens.
//
// All perform the same operations in the same order, element by element and
// in fixed lanes of four, with math.FMA in Go exactly where the assembly fuses:
// their results are equal bit for bit (but for which NaN a NaN is), and which
// one runs is a matter of speed alone. The processor decides at start-up;
// CAUSALGRAD_KERNEL=portable|avx2|avx512 overrules it (see Err).
//
// The package knows no model and keeps no random state. Sizes and tokens are
// checked in Go before a vector variant runs; a wrong one is a programming error
// and panics as an index out of range does.
//
// # What the profiles say
//
// The loss and gradient of a sequence, S=3, T=20, heads 1,1, on one core. The first
// version, sequence by sequence with T x T derivatives, took 8.5 µs on an AMD EPYC
// of family 25 (Zen 3, 3.2 GHz); the following brought it to 1.15 µs, and to 0.65 µs
// on one of family 26 (Zen 5, 4.2 GHz). In order:
//
//   - The derivative of the first layer's weights is of rank two in the second
//     layer's vectors, so no triangle of derivatives is formed (Backward).
//   - The second layer's matrices act on the last query alone: three products
//     over a block of sequences instead of passes over d x d a sequence (Gemm).
//   - Lanes are queries, in tiles of 4 x 4: a table row is transposed in
//     registers, so that neither the look-up of a key's token nor the sum by
//     token needs a gather or scatter.
//   - Adding to one token's sum again and again waits 12 cycles for the store
//     before. Backward therefore walks down columns of tiles, and Features keeps
//     four sums a token.
//
// What was left was 30% Go between 20 short calls a sequence. From there, on family
// 26, to 0.54 µs with AVX2 and 0.44 µs with AVX-512:
//
//   - A kernel takes a block of sequences (Block): one call instead of 64, one
//     check of the sizes, and the next sequence starts before the last one is
//     done (17%).
//   - Rows of a few numbers are added in one call too (AddRows), and what
//     looped in Go over keys is a kernel (Last, Dot, Set; 5%).
//   - Backward keeps a column's factors in registers, and multiplies the third
//     product, which only the last query has, only there (3%).
//   - Vectors of eight: the products (half their time), look-ups by a
//     permutation of up to 16 tokens' numbers in two registers (half), Build (a
//     fifth), OverKeys (a fifth), Features (a sixth), Exp.
//
// Shares now, AVX2 and AVX-512: Gemm 26 and 19%, with AVX2 at 90% of the fused
// units' speed; Backward 15 and 17%; Build 9%; OverKeys and Features 8%; OverQueries 7%;
// LookUp 7 and 5%; Exp 4 and 5%; adding rows up and what one-hot rows bring 6%; Go 4%.
//
// What did not help, so that nobody tries again: smaller blocks, whose triangles
// stay in the first-level cache (more calls cost what that saves; 32 is equal, 16
// slower); fetching the next sequence's triangle ahead; vectors of eight in
// OverQueries and Backward, and two columns at a time there. Backward does 23 loads
// and stores of vectors a tile, two a cycle at best; that, not its 12 operations,
// bounds it.
//
// A sequence of S = 10 needs 220 words of its stream, one after the other: alone, a
// sample waits for them, and behind every seventh variate of shape 0.1 for a branch that
// cannot be foretold. Training therefore draws eight shards at once (stream.Abreast),
// where there are as many for every worker, each from its own stream with the bits of it
// alone: words and proposals in vectors, which do not stop at the word in 45 that the
// ziggurat cannot use at once (such a lane draws its next variates, up to sixteen, again
// and alone), and rows, stationary distributions and tokens without a transposition. On an Intel Xeon of model 207 a sequence takes 1.25 µs in place of
// 2.11 at S = 10 and 0.23 in place of 0.39 at S = 3 (AVX2: 1.48 and 0.26), a step at S = 10
// 2.6 ms in place of 3.6. Of the 1.25 µs proposals are a third, half of which is the 128-bit
// product of the generator; variates that are not accepted at once, lane by lane, are a
// fifth, and what is outside the ziggurat's strips an eighth. Sampling is then half of a
// step at S = 10, a quarter at S = 3 and, with two parents at S = 5, where what is drawn
// depends on the tokens and every stream draws alone, a third.
//
// What did not help there: stopping at a word outside and going on behind it (the
// processor starts anew, 65 ns); the next variate's states ahead of this one's words;
// exponentials in vectors of eight; buffers of words.
package kernel

//go:generate sh -c "cd asm && go run . -out ../kernel_amd64.s -stubs ../kernel_amd64.go -pkg kernel"

// Lanes is the width of the fixed blocks: four float64.
const Lanes = 4

// Pad rounds n up to a multiple of Lanes.
func Pad(n int) int { return (n + Lanes - 1) &^ (Lanes - 1) }
