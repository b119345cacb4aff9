package fault

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"causalgrad/props/theorylaws"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
)

// renamed is a prior with another text.
type renamed struct {
	markov.Prior
	text string
}

func (r renamed) String() string { return r.text }

// redrawn is a prior that draws otherwise.
type redrawn struct {
	markov.Prior
	draw func(s *stream.Stream, p []float64)
}

func (r redrawn) Draw(s *stream.Stream, p []float64) { r.draw(s, p) }

// parsing is a fault in what a text is read as.
func parsing(id, description string, edit func(p markov.Prior, text string) markov.Prior, expect ...string) Fault {
	return reading(id, description, func(own, broken *theorylaws.Notation) {
		broken.ParsePrior = func(text string, tokens int) (markov.Prior, error) {
			p, err := own.ParsePrior(text, tokens)
			if err != nil {
				return p, err
			}
			return edit(p, text), nil
		}
	}, expect...)
}

func priorNotationFaults() []Fault {
	refusing := func(id, description string, parse func(own func(string, int) (markov.Prior, error), text string, tokens int) (markov.Prior, error), expect ...string) Fault {
		return reading(id, description, func(own, broken *theorylaws.Notation) {
			broken.ParsePrior = func(text string, tokens int) (markov.Prior, error) { return parse(own.ParsePrior, text, tokens) }
		}, expect...)
	}
	return []Fault{
		parsing("prior-floor-exchanged", "a floor prior prints its two numbers in the other order", func(p markov.Prior, _ string) markov.Prior {
			if f, ok := p.(markov.Floor); ok {
				return renamed{p, fmt.Sprintf("floor:%v,%v", f.Gamma, f.Alpha)}
			}
			return p
		}, "prior-round-trip"),
		parsing("prior-short-text", "a prior prints its numbers with six digits", func(p markov.Prior, _ string) markov.Prior {
			if k, ok := p.(markov.Sticky); ok {
				return renamed{p, fmt.Sprintf("sticky:%.6g,%.6g", k.Weight, k.Alpha)}
			}
			return p
		}, "prior-round-trip"),
		refusing("prior-weight-of-one", "a weight may be 1", func(own func(string, int) (markov.Prior, error), text string, tokens int) (markov.Prior, error) {
			p, err := own(text, tokens)
			if err != nil && strings.Contains(err.Error(), "= 1, want") {
				return markov.Sticky{Size: tokens, Weight: 1, Alpha: 1}, nil
			}
			return p, err
		}, "prior-refusals"),
		refusing("prior-numbers-left-over", "numbers behind those that a prior needs are ignored", func(own func(string, int) (markov.Prior, error), text string, tokens int) (markov.Prior, error) {
			p, err := own(text, tokens)
			if at := strings.LastIndex(text, ","); err != nil && at > 0 {
				return own(text[:at], tokens)
			}
			return p, err
		}, "prior-refusals"),
		refusing("prior-unquoted", "an error repeats the text as it is, line breaks included", func(own func(string, int) (markov.Prior, error), text string, tokens int) (markov.Prior, error) {
			p, err := own(text, tokens)
			if err != nil {
				return nil, fmt.Errorf("prior %s: not a prior", text)
			}
			return p, nil
		}, "prior-damaged", "prior-refusals"),
		parsing("prior-file-reversed", "a file's chains are listed from the last to the first", func(p markov.Prior, text string) markov.Prior {
			list, ok := p.(*markov.Sampled)
			if !ok {
				return p
			}
			var matrices [][][]float64
			for _, c := range list.Support() {
				matrices = append([][][]float64{c.Rows()}, matrices...)
			}
			reversed, err := markov.NewSampled(matrices, text[1:])
			if err != nil {
				return p
			}
			return reversed
		}, "prior-file"),
		refusing("prior-file-unnumbered", "the error about a file of chains does not say which of them is wrong", func(own func(string, int) (markov.Prior, error), text string, tokens int) (markov.Prior, error) {
			p, err := own(text, tokens)
			if err != nil {
				return nil, errors.New(strings.Replace(err.Error(), "matrix", "one matrix of", 1))
			}
			return p, nil
		}, "prior-file-refusals"),
		refusing("orbit-seed-ignored", "the seed of an orbit does not matter", func(own func(string, int) (markov.Prior, error), text string, tokens int) (markov.Prior, error) {
			p, err := own(text, tokens)
			if strings.HasPrefix(text, "orbit:1,") && err == nil {
				one, err := own("orbit:1,1", tokens)
				if err != nil {
					return nil, err
				}
				return one, nil
			}
			return p, err
		}, "orbit-seed", "prior-round-trip"),
	}
}

func priorFaults() []Fault {
	return []Fault{
		parsing("prior-sticky-moves", "a sticky prior moves with the weight that it should hold with", func(p markov.Prior, _ string) markov.Prior {
			if k, ok := p.(markov.Sticky); ok {
				return markov.Sticky{Size: k.Size, Weight: 1 - k.Weight, Alpha: k.Alpha}
			}
			return p
		}, "prior-draws", "prior-means", "prior-round-trip"),
		parsing("prior-reversible-rows", "a reversible prior normalises the rows of a matrix that is not symmetric", func(p markov.Prior, _ string) markov.Prior {
			if k, ok := p.(markov.Reversible); ok {
				return redrawn{k, markov.Dirichlet{Size: k.Size, Alpha: k.Alpha}.Draw}
			}
			return p
		}, "prior-draws"),
		parsing("prior-sorted-rows", "the entries of a Dirichlet row come in falling order", func(p markov.Prior, _ string) markov.Prior {
			if k, ok := p.(markov.Dirichlet); ok {
				return redrawn{k, func(s *stream.Stream, q []float64) {
					k.Draw(s, q)
					for a := range k.Size {
						row := q[a*k.Size : (a+1)*k.Size]
						slices.SortFunc(row, func(x, y float64) int {
							if x > y {
								return -1
							}
							return 1
						})
					}
				}}
			}
			return p
		}, "prior-means"),
		reading("orbit-of-relabellings", "an orbit permutes rows and columns by the same order", func(own, broken *theorylaws.Notation) {
			broken.NewOrbit = func(base *markov.Chain, name string) (*markov.Orbit, error) {
				o, err := own.NewOrbit(base, name)
				if err != nil {
					return nil, err
				}
				n := int(math.Sqrt(float64(len(o.Support()))))
				for i := range o.Support() {
					o.Support()[i] = o.Support()[i/n*n+i/n] // rows and columns run through the orders alike
				}
				return o, nil
			}
		}, "orbit-definition"),
		reading("prior-favours-first", "a finite prior draws the smaller of two numbers of a chain", func(own, broken *theorylaws.Notation) {
			broken.DrawChain = func(p markov.Prior, k stream.Key) (*markov.Chain, error) {
				c, err := own.DrawChain(p, k)
				if finite, ok := p.(markov.Finite); ok && err == nil {
					s := stream.New(k)
					n := len(finite.Support())
					return finite.Support()[min(s.IntN(n), s.IntN(n))], nil
				}
				return c, err
			}
		}, "prior-finite-draws"),
		reading("prior-reducible-mixed", "a drawn chain that is reducible is mixed with a little of the uniform one", func(own, broken *theorylaws.Notation) {
			broken.DrawChain = func(p markov.Prior, k stream.Key) (*markov.Chain, error) {
				c, err := own.DrawChain(p, k)
				if err == nil {
					return c, nil
				}
				s := p.Tokens()
				flat, rows := make([]float64, s*s), make([][]float64, s)
				p.Draw(stream.New(k), flat)
				for a := range rows {
					rows[a] = flat[a*s : (a+1)*s]
				}
				return own.NewChain(mixed(rows))
			}
		}, "prior-reducible"),
	}
}
