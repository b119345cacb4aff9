package fault

import (
	"slices"
	"sync/atomic"

	"causalgrad/theory/certify"
	"causalgrad/theory/chisq"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// certifyFaults are mistakes in the proofs about regions of chains.
func certifyFaults() []Fault {
	// asked answers another question.
	asked := func(id, description string, other func(*certify.Region), expect ...string) Fault {
		return patch(id, description, func(v *variant) {
			v.certify = func(own answers, r certify.Region) (certify.Map, []certify.Part, error) {
				if _, _, err := own(r); err != nil {
					return certify.Map{}, nil, err
				}
				other(&r)
				return own(r)
			}
		}, expect...)
	}
	// judged alters the verdicts of the parts.
	judged := func(id, description string, verdict func(certify.Region, certify.Part) certify.Verdict, expect ...string) Fault {
		return patch(id, description, func(v *variant) {
			v.certify = func(own answers, r certify.Region) (certify.Map, []certify.Part, error) {
				m, parts, err := own(r)
				if err != nil {
					return m, parts, err
				}
				for i := range parts {
					parts[i].Verdict = verdict(r, parts[i])
					if m.Cells != nil {
						m.Cells[i].Verdict = parts[i].Verdict
					}
				}
				return shared(m, parts), parts, nil
			}
		}, expect...)
	}
	// altered alters the answer.
	altered := func(id, description string, alter func(certify.Region, *certify.Map, []certify.Part) []certify.Part, expect ...string) Fault {
		return patch(id, description, func(v *variant) {
			v.certify = func(own answers, r certify.Region) (certify.Map, []certify.Part, error) {
				m, parts, err := own(r)
				if err == nil {
					parts = alter(r, &m, parts)
				}
				return m, parts, err
			}
		}, expect...)
	}
	return []Fault{
		judged("certify-by-the-centre", "a part is decided by the margin at its centre alone", func(r certify.Region, p certify.Part) certify.Verdict {
			if r.Orbit || p.Verdict != certify.Undecided {
				return p.Verdict
			}
			return atCentre(r, p)
		}, "certified-equal-rows", "certified-chains"),
		judged("certify-by-the-centre-directly", "three tokens, direct enclosure: small parts are decided by the margin at their centre", func(r certify.Region, p certify.Part) certify.Verdict {
			if !r.Direct || r.Tokens == 2 || p.Verdict != certify.Undecided {
				return p.Verdict
			}
			return atCentre(r, p)
		}, "certified-directly"),
		asked("certify-self-forgotten", "the child itself is left out of the competitors", func(r *certify.Region) {
			r.Self = r.Self && r.Forest.Positions() == 2
		}, "certified-line"),
		asked("certify-orbit-forgotten", "the mean over an orbit is taken for the chain's own signal", func(r *certify.Region) { r.Orbit = false }, "certified-orbits", "certified-line"),
		asked("certify-orbit-always", "every chain is replaced by its orbit", func(r *certify.Region) { r.Orbit = true }, "certified-chains", "certified-line"),
		asked("certify-last-child-forgotten", "the last position is left out of the forest", func(r *certify.Region) {
			parents := r.Forest.Parents()
			if f, err := graph.NewForest(parents[:len(parents)-1]); err == nil && len(f.Edges()) > 0 && f.Positions() > 2 {
				r.Forest = f
			}
		}, "certified-line"),
		asked("certify-budget-overdrawn", "twice as many cells are evaluated as were allowed", func(r *certify.Region) { r.MaxCells *= 2 }, "certified-refinement"),
		judged("certify-half-a-map", "only chains with a <= b are looked at, the others stay undecided", func(r certify.Region, p certify.Part) certify.Verdict {
			if r.Tokens == 2 && min(p.Rows[0][0][1], p.Rows[0][1][1]) >= max(p.Rows[1][0][0], p.Rows[1][1][0]) {
				return certify.Undecided
			}
			return p.Verdict
		}, "certified-mirror"),
		judged("certify-direct-with-slack", "direct enclosure: an interval that holds 0 counts as positive when it is narrow", func(r certify.Region, p certify.Part) certify.Verdict {
			if r.Direct && r.Tokens == 2 && p.Verdict == certify.Undecided && p.Volume <= 1./256 {
				return certify.Holds
			}
			return p.Verdict
		}, "certified-directly-less"),
		judged("certify-competitors-prefer", "two tokens: with the child itself among the competitors undecided parts count as certified", func(r certify.Region, p certify.Part) certify.Verdict {
			if r.Self && r.Tokens == 2 && p.Verdict == certify.Undecided {
				return certify.Holds
			}
			return p.Verdict
		}, "certified-competitors"),
		altered("certify-images-uncounted", "three tokens: a part's images under renaming are left out of its volume", func(r certify.Region, m *certify.Map, parts []certify.Part) []certify.Part {
			for i := range parts {
				if r.Tokens == 3 {
					parts[i].Volume /= 2
				}
			}
			return parts
		}, "certified-partition"),
		altered("certify-part-lost", "the last part of the partition is not listed", func(_ certify.Region, m *certify.Map, parts []certify.Part) []certify.Part {
			return parts[:max(len(parts)-1, 1)]
		}, "certified-partition", "certified-map"),
		altered("certify-axes-exchanged", "the rectangles of the map have a and b exchanged", func(_ certify.Region, m *certify.Map, parts []certify.Part) []certify.Part {
			for i, c := range m.Cells {
				m.Cells[i].A, m.Cells[i].B = c.B, c.A
			}
			return parts
		}, "certified-map"),
		patch("certify-order-of-workers", "the parts come in the order in which concurrent workers finish", func(v *variant) {
			var calls atomic.Int64
			v.certify = func(own answers, r certify.Region) (certify.Map, []certify.Part, error) {
				m, parts, err := own(r)
				if calls.Add(1)%2 == 0 {
					slices.Reverse(m.Cells)
					slices.Reverse(parts)
				}
				return m, parts, err
			}
		}, "certified-refinement", "certified-map"),
		patch("certify-bounds-clamped", "a question out of bounds is answered for the nearest one within", func(v *variant) {
			v.certify = func(own answers, r certify.Region) (certify.Map, []certify.Part, error) {
				r.Tokens, r.MaxCells = min(max(r.Tokens, 2), 3), min(max(r.MaxCells, 1), 1000)
				return own(r)
			}
		}, "certified-refusals"),
	}
}

// shared computes the shares of a map anew.
func shared(m certify.Map, parts []certify.Part) certify.Map {
	m.Certified, m.Refuted, m.Undecided = 0, 0, 0
	for _, p := range parts {
		switch p.Verdict {
		case certify.Holds:
			m.Certified += p.Volume
		case certify.Fails:
			m.Refuted += p.Volume
		default:
			m.Undecided += p.Volume
		}
	}
	return m
}

// atCentre decides by one chain: the mean of each row's corners.
func atCentre(r certify.Region, p certify.Part) certify.Verdict {
	rows := make([][]float64, r.Tokens)
	for a, corners := range p.Rows {
		rows[a] = make([]float64, r.Tokens)
		for _, corner := range corners {
			for b, v := range corner {
				rows[a][b] += v / float64(len(corners))
			}
		}
	}
	c, err := markov.NewChain(rows)
	if err != nil {
		return certify.Undecided
	}
	margin, ok := chisq.Smallest(chisq.Margins(r.Forest, chisq.Compute(r.Forest, c).Signal, r.Self))
	if ok && margin.Value > 0 {
		return certify.Holds
	}
	return certify.Fails
}
