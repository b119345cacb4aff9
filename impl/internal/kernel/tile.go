package kernel

import "math"

// Shape is the size of a padded triangle of attention weights: T queries by T
// keys over S tokens, T and S padded to multiples of Lanes. The triangle is
// kept in tiles of 4 keys by 4 queries: tile (J, K), K <= J, is the 16 numbers
// at 16*(J(J+1)/2+K), and its entry [i][l] belongs to key 4K+i and query 4J+l.
// Lanes are queries.
type Shape struct {
	T, S   int
	Length int // T padded
	Tokens int // S padded
}

// NewShape pads T and S, both at least 1.
func NewShape(t, s int) Shape { return Shape{t, s, Pad(t), Pad(s)} }

// blocks is the number of blocks of queries.
func (s Shape) blocks() int { return s.Length / Lanes }

// Triangle is the number of float64 in a triangle.
func (s Shape) Triangle() int { return s.blocks() * (s.blocks() + 1) / 2 * 16 }

// Row is the number of float64 in a row of a table: one entry a key, then one
// a token.
func (s Shape) Row() int { return s.Length + s.Tokens }

// Table is the number of float64 in a table: a row for every query and token of
// it, and one for all padded queries.
func (s Shape) Table() int { return (s.T*s.S + 1) * s.Row() }

// At is the offset of the table row of query j with token a.
func (s Shape) At(j, a int) int { return (j*s.S + a) * s.Row() }

// Empty is the offset of the table row of padded queries.
func (s Shape) Empty() int { return s.T * s.S * s.Row() }

// scratch is the number of float64 that Build, Backward and Features need for
// their own.
func (s Shape) scratch() int { return s.Length*s.Tokens + s.Length }

// Index is where weight (query, key) of a triangle is.
func Index(query, key int) int {
	j, k := query/Lanes, key/Lanes
	return 16*(j*(j+1)/2+k) + key%Lanes*Lanes + query%Lanes
}

// OverKeys writes out(j) = scale(j) * sum over k of e(j, k) w(k), and adds it to
// total(j).
func (b *Block) OverKeys(out, total, e, w, scale Rows) {
	if b.n == 0 {
		return
	}
	s := &b.shape
	b.checkVectors(e, out, total, w, scale)
	if wide() {
		overKeysAVX512(&out.Data[0], out.Step, &total.Data[0], total.Step, &e.Data[0], e.Step, &w.Data[0], w.Step, &scale.Data[0], scale.Step, s.blocks(), b.n)
		return
	}
	if vector() {
		overKeysAVX2(&out.Data[0], out.Step, &total.Data[0], total.Step, &e.Data[0], e.Step, &w.Data[0], w.Step, &scale.Data[0], scale.Step, s.blocks(), b.n)
		return
	}
	for i := range b.n {
		s.overKeys(out.Row(i), total.Row(i), e.Row(i), w.Row(i), scale.Row(i))
	}
}

// checkVectors panics unless every sequence has a triangle and the vectors.
func (b *Block) checkVectors(triangle Rows, vectors ...Rows) {
	triangle.check(b.n, b.shape.Triangle())
	for _, v := range vectors {
		v.check(b.n, b.shape.Length)
	}
}

func (s *Shape) overKeys(out, total, e, w, scale []float64) {
	for j := range s.blocks() {
		var sum [4]float64
		for k := range j + 1 {
			tile, v := (*[16]float64)(e[16*(j*(j+1)/2+k):]), (*[4]float64)(w[4*k:])
			for l := range 4 {
				a := math.FMA(tile[4+l], v[1], float64(tile[l]*v[0]))
				b := math.FMA(tile[12+l], v[3], float64(tile[8+l]*v[2]))
				sum[l] += a + b
			}
		}
		for l := range 4 {
			mean := float64(sum[l] * scale[4*j+l])
			out[4*j+l] = mean
			total[4*j+l] += mean
		}
	}
}

// OverQueries writes scaled(j) = w(j) scale(j) and out(k) = sum over j of
// e(j, k) scaled(j).
func (b *Block) OverQueries(out, scaled, e, w, scale Rows) {
	if b.n == 0 {
		return
	}
	s := &b.shape
	b.checkVectors(e, out, scaled, w, scale)
	if vector() {
		overQueriesAVX2(&out.Data[0], out.Step, &scaled.Data[0], scaled.Step, &e.Data[0], e.Step, &w.Data[0], w.Step, &scale.Data[0], scale.Step, s.blocks(), b.n)
		return
	}
	for i := range b.n {
		s.overQueries(out.Row(i), scaled.Row(i), e.Row(i), w.Row(i), scale.Row(i))
	}
}

func (s *Shape) overQueries(out, scaled, e, w, scale []float64) {
	for j := range s.Length {
		scaled[j] = w[j] * scale[j]
	}
	for k := range s.blocks() {
		var sum [16]float64
		for j := k; j < s.blocks(); j++ {
			tile, v := (*[16]float64)(e[16*(j*(j+1)/2+k):]), (*[4]float64)(scaled[4*j:])
			for i := 0; i < 16; i += 4 {
				for l := range 4 {
					sum[i+l] = math.FMA(tile[i+l], v[l], sum[i+l])
				}
			}
		}
		for i := range 4 {
			out[4*k+i] = (sum[4*i] + sum[4*i+1]) + (sum[4*i+2] + sum[4*i+3])
		}
	}
}
