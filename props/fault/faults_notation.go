package fault

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"causalgrad/props"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
)

// notationFaults are mistakes in reading and printing chains and priors.
func notationFaults() []Fault {
	return slices.Concat(chainNotationFaults(), priorNotationFaults(), priorFaults())
}

// reading is a fault in the notation.
func reading(id, description string, edit func(own, broken *props.Notation), expect ...string) Fault {
	return patch(id, description, func(v *variant) {
		v.notation = func(own props.Notation) props.Notation {
			broken := own
			edit(&own, &broken)
			return broken
		}
	}, expect...)
}

func chainNotationFaults() []Fault {
	return []Fault{
		reading("chain-csv-columns", "the lines of a CSV file are taken for the columns of the chain", func(own, broken *props.Notation) {
			broken.ReadChain = func(name string) (*markov.Chain, error) {
				c, err := own.ReadChain(name)
				if err != nil || !strings.HasSuffix(name, ".csv") {
					return c, err
				}
				rows := c.Rows()
				for a := range rows {
					for b := range rows {
						rows[b][a] = c.P(a, b)
					}
				}
				return own.NewChain(rows)
			}
		}, "chain-file"),
		reading("chain-single-npy", "a .npy file is read in single precision", func(own, broken *props.Notation) {
			broken.ReadChain = func(name string) (*markov.Chain, error) {
				c, err := own.ReadChain(name)
				if err != nil || !strings.HasSuffix(name, ".npy") {
					return c, err
				}
				rows := c.Rows()
				for _, row := range rows {
					rest := 1.0
					for b := range row[1:] {
						row[b+1] = float64(float32(row[b+1]))
						rest -= row[b+1]
					}
					row[0] = math.Max(rest, 0)
				}
				return own.NewChain(rows)
			}
		}, "chain-file"),
		reading("chain-short-decimals", "chains are printed with fifteen digits", func(_, broken *props.Notation) {
			broken.PrintChain = func(c *markov.Chain) string {
				var rows []string
				for _, row := range c.Rows() {
					var words []string
					for _, v := range row {
						words = append(words, strconv.FormatFloat(v, 'g', 15, 64))
					}
					rows = append(rows, "["+strings.Join(words, ",")+"]")
				}
				return "[" + strings.Join(rows, ",") + "]"
			}
		}, "chain-print"),
		patch("chain-print-cached", "a printed chain is kept for the next one with as many tokens", func(v *variant) {
			cache := map[int]string{}
			v.notation = func(own props.Notation) props.Notation {
				print := own.PrintChain
				own.PrintChain = func(c *markov.Chain) string {
					if cache[c.Tokens()] == "" {
						cache[c.Tokens()] = print(c)
					}
					return cache[c.Tokens()]
				}
				return own
			}
		}, "chain-print", "chain-operations"),
		reading("chain-always-scaled", "every row is divided by its sum, also one that is 1 up to rounding", func(own, broken *props.Notation) {
			broken.NewChain = func(rows [][]float64) (*markov.Chain, error) {
				if _, err := own.NewChain(rows); err != nil {
					return nil, err
				}
				return own.NewChain(scaled(rows))
			}
		}, "chain-decimals"),
		reading("chain-lenient-sums", "rows of any sum are scaled to 1", func(own, broken *props.Notation) {
			broken.NewChain = func(rows [][]float64) (*markov.Chain, error) {
				c, err := own.NewChain(rows)
				if err != nil && strings.Contains(err.Error(), "sums to") {
					return own.NewChain(scaled(rows))
				}
				return c, err
			}
		}, "chain-decimals", "chain-refusals"),
		reading("chain-negative-clipped", "negative entries are taken for 0", func(own, broken *props.Notation) {
			broken.NewChain = func(rows [][]float64) (*markov.Chain, error) {
				clipped := make([][]float64, len(rows))
				for a, row := range rows {
					clipped[a] = slices.Clone(row)
					for b, v := range row {
						clipped[a][b] = max(v, 0)
					}
				}
				return own.NewChain(clipped)
			}
		}, "chain-refusals"),
		reading("chain-reducible-mixed", "a reducible chain is mixed with a little of the uniform one", func(own, broken *props.Notation) {
			broken.NewChain = func(rows [][]float64) (*markov.Chain, error) {
				c, err := own.NewChain(rows)
				if err != nil && strings.Contains(err.Error(), "reducible") {
					return own.NewChain(mixed(rows))
				}
				return c, err
			}
		}, "chain-refusals"),
		reading("chain-file-unnamed", "the error about a file does not say which", func(own, broken *props.Notation) {
			broken.ReadChain = func(name string) (*markov.Chain, error) {
				c, err := own.ReadChain(name)
				if err != nil {
					return nil, errors.New(strings.ReplaceAll(err.Error(), name, "input"))
				}
				return c, nil
			}
		}, "chain-file-refusals", "chain-damaged"),
		reading("chain-ragged-panic", "a file with rows of different lengths is indexed beyond their ends", func(own, broken *props.Notation) {
			broken.ReadChain = func(name string) (*markov.Chain, error) {
				c, err := own.ReadChain(name)
				if err != nil && (strings.Contains(err.Error(), "entries") || strings.Contains(err.Error(), "wrong number of fields")) {
					panic("index out of range")
				}
				return c, err
			}
		}, "chain-damaged"),
	}
}

// scaled divides each row by its sum.
func scaled(rows [][]float64) [][]float64 {
	out := make([][]float64, len(rows))
	for a, row := range rows {
		sum := 0.0
		for _, v := range row {
			sum += v
		}
		for _, v := range row {
			out[a] = append(out[a], v/sum)
		}
	}
	return out
}

// mixed is a matrix with 1e-6 of the uniform one.
func mixed(rows [][]float64) [][]float64 {
	out := make([][]float64, len(rows))
	for a, row := range rows {
		for _, v := range row {
			out[a] = append(out[a], (1-1e-6)*v+1e-6/float64(len(row)))
		}
	}
	return out
}

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
	return reading(id, description, func(own, broken *props.Notation) {
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
		return reading(id, description, func(own, broken *props.Notation) {
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
		reading("orbit-of-relabellings", "an orbit permutes rows and columns by the same order", func(own, broken *props.Notation) {
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
		reading("prior-favours-first", "a finite prior draws the smaller of two numbers of a chain", func(own, broken *props.Notation) {
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
		reading("prior-reducible-mixed", "a drawn chain that is reducible is mixed with a little of the uniform one", func(own, broken *props.Notation) {
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
