package kernel

import "math"

// wideTokens is how many tokens' numbers two vectors of eight hold.
const wideTokens = 16

// LookUp writes dst(k) = feature[token of k] + feature[S+k] for the T keys:
// what a unit of attention on key k brings, and padding behind it, up to Length.
// feature holds S + T numbers.
func (b *Block) LookUp(dst, feature Rows, padding float64) {
	if b.n == 0 {
		return
	}
	s := &b.shape
	dst.check(b.n, s.Length)
	feature.check(b.n, s.S+s.T)
	if wide() && s.S <= wideTokens {
		lookUpAVX512(&dst.Data[0], dst.Step, &feature.Data[0], feature.Step, &b.token[0], s.S, s.T, s.Length, b.n, padding)
		return
	}
	if vector() {
		lookUpAVX2(&dst.Data[0], dst.Step, &feature.Data[0], feature.Step, &b.token[0], s.S, s.T, s.Length, b.n, padding)
		return
	}
	for i := range b.n {
		out, byToken, position := dst.Row(i)[:s.Length], feature.Row(i)[:s.S], feature.Row(i)[s.S:][:s.T]
		token := b.token[i*s.Length:]
		for k, v := range position {
			out[k] = byToken[token[k]] + v
		}
		for k := s.T; k < s.Length; k++ {
			out[k] = padding
		}
	}
}

// Features writes the S + T features that attention with weights w(k) makes:
// dst[b] is the sum of w over the keys with token b, in four interleaved sums
// over k, and dst[S+k] is w(k). It needs T >= 3.
func (b *Block) Features(dst, w Rows) {
	if b.n == 0 {
		return
	}
	s := &b.shape
	dst.check(b.n, max(s.S+s.T, s.Tokens))
	w.check(b.n, s.T)
	if wide() && s.S <= wideTokens {
		featuresAVX512(&dst.Data[0], dst.Step, &w.Data[0], w.Step, &b.key[0], s.S, s.T, s.Tokens, s.Length, b.n)
		return
	}
	if vector() {
		featuresAVX2(&dst.Data[0], dst.Step, &w.Data[0], w.Step, &b.key[0], &b.scratch[0], s.S, s.T, s.Tokens, s.Length, b.n)
		return
	}
	for i := range b.n {
		out, weights, key := dst.Row(i), w.Row(i)[:s.T], b.key[i*s.Length:]
		for a := range s.S {
			*(*[4]float64)(b.scratch[a*s.Length:]) = [4]float64{}
		}
		for k, v := range weights {
			b.scratch[key[k]+k%Lanes] += v
		}
		for a := range s.S {
			v := (*[4]float64)(b.scratch[a*s.Length:])
			out[a] = (v[0] + v[1]) + (v[2] + v[3])
		}
		copy(out[s.S:], weights)
	}
}

// Last writes the weights of the last query, e(T-1, k) scale(T-1), for Length
// keys.
func (b *Block) Last(dst, e, scale Rows) {
	if b.n == 0 {
		return
	}
	s := &b.shape
	dst.check(b.n, s.Length)
	e.check(b.n, s.Triangle())
	scale.check(b.n, s.Length)
	first := Index(s.T-1, 0) // a key takes one row of a tile
	if vector() {
		lastAVX2(&dst.Data[0], dst.Step, &e.Data[first], e.Step, &scale.Data[s.T-1], scale.Step, s.blocks(), b.n)
		return
	}
	for i := range b.n {
		c, last := scale.Row(i)[s.T-1], e.Row(i)[first:]
		for k := range s.Length {
			dst.Row(i)[k] = last[Lanes*k] * c
		}
	}
}

// Dot writes the inner product of x and y over the T keys to dst: four
// interleaved fused sums, the first of which takes the keys behind the last four.
func (b *Block) Dot(dst, x, y Rows) {
	if b.n == 0 {
		return
	}
	t := b.shape.T
	dst.check(b.n, 1)
	x.check(b.n, t)
	y.check(b.n, t)
	if vector() {
		dotAVX2(&dst.Data[0], dst.Step, &x.Data[0], x.Step, &y.Data[0], y.Step, t, b.n)
		return
	}
	for i := range b.n {
		var sum [Lanes]float64
		v, w := x.Row(i)[:t], y.Row(i)[:t]
		for k := range t {
			l := k % Lanes
			if k >= t&^(Lanes-1) {
				l = 0
			}
			sum[l] = math.FMA(v[k], w[k], sum[l])
		}
		dst.Row(i)[0] = (sum[0] + sum[1]) + (sum[2] + sum[3])
	}
}

// LastOneHot writes the product of the last query's one-hot features and a matrix
// of S + T rows of cols numbers, cols a multiple of Lanes: the row of its token
// plus the row of its position.
func (b *Block) LastOneHot(dst Rows, matrix []float64, cols int) {
	if b.n == 0 || cols == 0 {
		return
	}
	s := &b.shape
	token := b.lastTokens(dst, matrix, cols)
	if vector() {
		lastOneHotAVX2(&dst.Data[0], dst.Step, &matrix[0], &matrix[(s.S+s.T-1)*cols], &token[0], s.Length, cols, b.n)
		return
	}
	position := matrix[(s.S+s.T-1)*cols:][:cols]
	for i := range b.n {
		row, byToken := dst.Row(i)[:cols], matrix[token[i*s.Length]*cols:]
		for c, v := range position {
			row[c] = byToken[c] + v
		}
	}
}

// AddLastOneHot adds, sequence by sequence, src to the two rows of the matrix
// that LastOneHot reads: the product of the transposed one-hot features and src.
func (b *Block) AddLastOneHot(matrix []float64, src Rows, cols int) {
	if b.n == 0 || cols == 0 {
		return
	}
	s := &b.shape
	token := b.lastTokens(src, matrix, cols)
	if vector() {
		addLastOneHotAVX2(&matrix[0], &matrix[(s.S+s.T-1)*cols], &src.Data[0], src.Step, &token[0], s.Length, cols, b.n)
		return
	}
	position := matrix[(s.S+s.T-1)*cols:][:cols]
	for i := range b.n {
		row, byToken := src.Row(i)[:cols], matrix[token[i*s.Length]*cols:]
		for c, v := range row {
			byToken[c] += v
			position[c] += v
		}
	}
}

// lastTokens checks the operands of the one-hot products and returns the last
// query's token of sequence i at i*Length.
func (b *Block) lastTokens(rows Rows, matrix []float64, cols int) []int {
	checkLanes(cols)
	rows.check(b.n, cols)
	_ = matrix[(b.shape.S+b.shape.T)*cols-1]
	return b.token[b.shape.T-1:]
}
