package fault

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"

	"causalgrad/props/theorylaws"
	"causalgrad/theory/markov"
)

// notationFaults are mistakes in reading and printing chains and priors.
func notationFaults() []Fault {
	return slices.Concat(chainNotationFaults(), priorNotationFaults(), priorFaults())
}

// reading is a fault in the notation.
func reading(id, description string, edit func(own, broken *theorylaws.Notation), expect ...string) Fault {
	return patch(id, description, func(v *variant) {
		v.notation = func(own theorylaws.Notation) theorylaws.Notation {
			broken := own
			edit(&own, &broken)
			return broken
		}
	}, expect...)
}

func chainNotationFaults() []Fault {
	return []Fault{
		reading("chain-csv-columns", "the lines of a CSV file are taken for the columns of the chain", func(own, broken *theorylaws.Notation) {
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
		reading("chain-single-npy", "a .npy file is read in single precision", func(own, broken *theorylaws.Notation) {
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
		reading("chain-short-decimals", "chains are printed with fifteen digits", func(_, broken *theorylaws.Notation) {
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
			v.notation = func(own theorylaws.Notation) theorylaws.Notation {
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
		reading("chain-always-scaled", "every row is divided by its sum, also one that is 1 up to rounding", func(own, broken *theorylaws.Notation) {
			broken.NewChain = func(rows [][]float64) (*markov.Chain, error) {
				if _, err := own.NewChain(rows); err != nil {
					return nil, err
				}
				return own.NewChain(scaled(rows))
			}
		}, "chain-decimals"),
		reading("chain-lenient-sums", "rows of any sum are scaled to 1", func(own, broken *theorylaws.Notation) {
			broken.NewChain = func(rows [][]float64) (*markov.Chain, error) {
				c, err := own.NewChain(rows)
				if err != nil && strings.Contains(err.Error(), "sums to") {
					return own.NewChain(scaled(rows))
				}
				return c, err
			}
		}, "chain-decimals", "chain-refusals"),
		reading("chain-negative-clipped", "negative entries are taken for 0", func(own, broken *theorylaws.Notation) {
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
		reading("chain-reducible-mixed", "a reducible chain is mixed with a little of the uniform one", func(own, broken *theorylaws.Notation) {
			broken.NewChain = func(rows [][]float64) (*markov.Chain, error) {
				c, err := own.NewChain(rows)
				if err != nil && strings.Contains(err.Error(), "reducible") {
					return own.NewChain(mixed(rows))
				}
				return c, err
			}
		}, "chain-refusals"),
		reading("chain-file-unnamed", "the error about a file does not say which", func(own, broken *theorylaws.Notation) {
			broken.ReadChain = func(name string) (*markov.Chain, error) {
				c, err := own.ReadChain(name)
				if err != nil {
					return nil, errors.New(strings.ReplaceAll(err.Error(), name, "input"))
				}
				return c, nil
			}
		}, "chain-file-refusals", "chain-damaged"),
		reading("chain-ragged-panic", "a file with rows of different lengths is indexed beyond their ends", func(own, broken *theorylaws.Notation) {
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
