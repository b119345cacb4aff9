package shard

// columns is the piece of a vector that one Run call reduces at a time.
const columns = 512

// Reduce adds parts[1..] into parts[0], elementwise, in the fixed shape of a
// binary tree over the shards: parts[i] += parts[i+stride] for stride 1, 2, 4...
// All parts have the same length and are used up. Nothing is allocated.
func Reduce(p *Pool, parts [][]float64) {
	p.reduced = parts
	p.Run((len(parts[0])+columns-1)/columns, p.reduce)
	p.reduced = nil
}

func (p *Pool) reducePiece(_, piece int) {
	parts := p.reduced
	from, to := piece*columns, min((piece+1)*columns, len(parts[0]))
	for stride := 1; stride < len(parts); stride *= 2 {
		for i := 0; i+stride < len(parts); i += 2 * stride {
			dst, src := parts[i][from:to], parts[i+stride][from:to]
			for c, v := range src {
				dst[c] += v
			}
		}
	}
}

// Sum adds scalars in the same shape as Reduce. It uses up values.
func Sum(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	for stride := 1; stride < len(values); stride *= 2 {
		for i := 0; i+stride < len(values); i += 2 * stride {
			values[i] += values[i+stride]
		}
	}
	return values[0]
}
