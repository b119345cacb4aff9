package stream

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// Width is how many streams an Abreast holds.
const Width = 8

// Abreast is Width streams that draw the same things at once, each what it would draw
// alone: the bits are those of Stream. Vectors hold them side by side, and none waits
// for its own last word. What they draw stands in groups of Width numbers, one a lane.
// It is not safe for concurrent use; Reset every lane first.
type Abreast struct {
	proposals                 Proposals
	alone                     Stream // a lane's while it draws alone
	logs, variates, ofOneLane []float64
}

// Reset moves a lane to the start of the stream of k.
func (a *Abreast) Reset(lane int, k Key) {
	a.alone.Reset(k)
	a.put(lane)
}

// Alone calls draw with a lane's stream, which is the lane's again when draw returns.
func (a *Abreast) Alone(lane int, draw func(s *Stream)) {
	draw(a.take(lane))
	a.put(lane)
}

func (a *Abreast) take(lane int) *Stream {
	a.alone.hi, a.alone.lo = a.proposals.Hi[lane], a.proposals.Lo[lane]
	return &a.alone
}

func (a *Abreast) put(lane int) {
	a.proposals.Hi[lane], a.proposals.Lo[lane] = a.alone.hi, a.alone.lo
}

// Fill fills dst, groups of numbers, with what draw makes of each lane alone.
func (a *Abreast) Fill(dst []float64, draw func(s *Stream, dst []float64)) {
	a.ofOneLane = slices.Grow(a.ofOneLane[:0], len(dst)/Width)[:len(dst)/Width]
	for lane := range Width {
		draw(a.take(lane), a.ofOneLane)
		a.put(lane)
		for i, v := range a.ofOneLane {
			dst[i*Width+lane] = v
		}
	}
}

// IntN returns, for each lane, what Stream.IntN would.
func (a *Abreast) IntN(n int) (drawn [Width]int) {
	for lane := range drawn {
		drawn[lane] = a.take(lane).IntN(n)
		a.put(lane)
	}
	return drawn
}

// Float64s fills dst, groups of numbers, as Stream.Float64.
func (a *Abreast) Float64s(dst []float64) {
	if vectors.Run() {
		vectors.Float64s(&a.proposals.States, dst)
		return
	}
	a.Fill(dst, func(s *Stream, dst []float64) {
		for i := range dst {
			dst[i] = s.Float64()
		}
	})
}

// DirichletRows fills rows, groups of entries of the given width, as Stream.DirichletRows.
func (a *Abreast) DirichletRows(alpha float64, width int, rows []float64) {
	if alpha >= smallShape || !vectors.Run() {
		a.Fill(rows, func(s *Stream, rows []float64) { s.DirichletRows(alpha, width, rows) })
		return
	}
	if len(a.logs) < len(rows) {
		a.logs, a.variates = make([]float64, len(rows)), make([]float64, len(rows))
	}
	logs, variates, c := a.logs[:len(rows)], a.variates[:len(rows)], a.alone.smallGamma(alpha)
	for row := range slices.Chunk(logs, width*Width) {
		for part := range slices.Chunk(row, lot*Width) {
			a.smallLogs(c, part)
		}
	}
	vectors.Exps(variates, logs)
	for from := 0; from < len(rows); from += width * Width {
		row := rows[from:][:width*Width]
		for small := vectors.Shares(row, variates[from:][:len(row)]); small != 0; small &= small - 1 {
			a.sharesOfRatios(bits.TrailingZeros(small), logs[from:], row)
		}
	}
}

// sharesOfRatios makes the row of a lane from its variates' logarithms.
func (a *Abreast) sharesOfRatios(lane int, logs, row []float64) {
	own, g := a.alone.room(len(row) / Width)
	for i := range own {
		own[i] = logs[i*Width+lane]
	}
	scale := 1 / ratios(own, g)
	for i, v := range g {
		row[i*Width+lane] = max(float64(v*scale), MinProbability)
	}
}

// smallLogs is smallGamma.logs of every lane.
func (a *Abreast) smallLogs(c *smallGamma, logG []float64) {
	p, n := &a.proposals, len(logG)/Width
	p.Inverse, p.Left, p.Stretch, p.Strips, p.Accepts = c.inverse, c.left, c.stretch, &ziggurat[0].x, &rightSide[0].accept
	clear(p.Rejected[n:])
	vectors.Propose(p, n)
	for from := 0; from < n; from += 8 {
		for outside := binary.LittleEndian.Uint64(p.Outside[from:]); outside != 0; {
			at := bits.TrailingZeros64(outside)
			outside &^= 0x0101010101010101 << (at % Width) // with the variates behind it
			a.outside(c, from+at/Width, n, at%Width)
		}
	}
	copy(logG, p.LogG[:])
	for from := 0; from < n; from += 8 {
		for anew := binary.LittleEndian.Uint64(p.Rejected[from:]); anew != 0; anew &= anew - 1 {
			at := from*Width + bits.TrailingZeros64(anew)
			logG[at] = c.decide(a.take(at%Width), p.Z[at], p.U[at])
			a.put(at % Width)
		}
	}
}

// outside draws a lane's proposals of the variates i..n-1 again, as the first one's word
// was outside its strip.
func (a *Abreast) outside(c *smallGamma, i, n, lane int) {
	p, s := &a.proposals, &a.alone
	own, _ := s.room(n)
	zs, us, logG := s.proposals.z[i:n], s.proposals.u[i:n], own[i:n]
	s.hi, s.lo = p.BehindHi[i*Width+lane], p.BehindLo[i*Width+lane]
	zs[0] = s.outside(word(s.hi, s.lo), p.Z[i*Width+lane])
	us[0], logG[0] = c.uniform(s.Open()), -float64(zs[0]*c.inverse)
	c.propose(s, zs[1:], us[1:], logG[1:])
	a.put(lane)
	for k, x := range logG {
		at, bit := (i+k)*Width+lane, uint8(1)<<lane
		p.Z[at], p.U[at], p.LogG[at] = zs[k], us[k], x
		p.Outside[i+k] &^= bit
		if p.Rejected[i+k] |= bit; acceptAtOnce(us[k], x) {
			p.Rejected[i+k] &^= bit
		}
	}
}
