package stream

import "slices"

// MinProbability is the smallest entry that Dirichlet returns: an exact 0
// would make a chain reducible, and no sum can tell 1e-300 from 0.
const MinProbability = 1e-300

// safeSum is the sum of gamma variates above which their ratios to it are as
// good as those of exact ones: a variate that is not a normal number is then
// below MinProbability of it.
const safeSum = 0x1p-24

// Dirichlet fills row with one draw of the symmetric Dirichlet(alpha)
// distribution.
// Entries are at least MinProbability and sum to 1 up to rounding.
func (s *Stream) Dirichlet(alpha float64, row []float64) { s.DirichletRows(alpha, len(row), row) }

// DirichletRows fills rows, row-major of the given width, as Dirichlet would one row
// after the other; what it needs of all at once it computes at once.
func (s *Stream) DirichletRows(alpha float64, width int, rows []float64) {
	logs, variates := s.gammas(alpha, width, len(rows))
	for from := 0; from < len(rows); from += width {
		g, sum := variates[from:][:width], 0.0
		for _, v := range g {
			sum += v
		}
		if !(sum >= safeSum) && alpha != 1 { // exponential variates do not underflow
			sum = ratios(logs[from:][:width], g)
		}
		scale := 1 / sum
		row := rows[from:][:width]
		for i, v := range g {
			p := float64(v * scale)
			if p < MinProbability {
				p = MinProbability
			}
			row[i] = p
		}
	}
}

// gammas draws n Gamma(alpha) variates, in rows of the given width, into the
// stream's scratch; exponential ones without logarithms, and of shapes from smallShape
// on the logarithms alone, with 0 for the variates.
func (s *Stream) gammas(alpha float64, width, n int) (logs, variates []float64) {
	logs, variates = s.room((n + 3) &^ 3) // for vectors of Exps
	clear(logs[n:])
	switch {
	case alpha < smallShape:
		c := s.smallGamma(alpha)
		for from := 0; from < n; from += width {
			for part := range slices.Chunk(logs[from:][:width], lot) {
				c.logs(s, part)
			}
		}
		vectors.Exps(variates, logs)
	case alpha == 1:
		for i := range n {
			variates[i] = s.Exponential()
		}
	default:
		clear(variates)
		for i := range n {
			logs[i] = s.LogGamma(alpha)
		}
	}
	return logs[:n], variates[:n]
}

// room is the stream's scratch for n variates.
func (s *Stream) room(n int) (logs, variates []float64) {
	if len(s.logs) < n {
		s.logs, s.variates = make([]float64, n), make([]float64, n)
	}
	return s.logs[:n], s.variates[:n]
}

// ratios turns g into the variates over their largest, of which logs are the
// logarithms, and returns the ratios' sum: nothing underflows that counts.
func ratios(logs, g []float64) float64 {
	largest := slices.Max(logs)
	sum := 0.0
	for i, logG := range logs {
		g[i] = exp(logG - largest)
		sum += g[i]
	}
	return sum
}
