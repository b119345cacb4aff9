package markov

import (
	"fmt"
	"strconv"
	"strings"

	"causalgrad/theory/stream"
)

// PriorGrammar describes what ParsePrior reads.
const PriorGrammar = "dirichlet:ALPHA, floor:ALPHA,GAMMA, orbit:FILE, orbit:ALPHA,SEED, point:FILE (FILE may be the matrix itself: [[...],...]), @FILE, " +
	"sticky:WEIGHT,ALPHA, cyclic:WEIGHT,ALPHA, near-deterministic:WEIGHT,ALPHA, rank-one:ALPHA or reversible:ALPHA"

// ParsePrior reads a prior in the command's grammar over tokens symbols; a
// file fixes the number of tokens itself and must agree unless tokens is 0.
func ParsePrior(text string, tokens int) (Prior, error) {
	p, err := parsePrior(strings.TrimSpace(text), tokens)
	if err != nil {
		return nil, fmt.Errorf("prior %q: %w", text, err)
	}
	if tokens != 0 && p.Tokens() != tokens {
		return nil, fmt.Errorf("prior %q: has %d tokens, but %d were asked for", text, p.Tokens(), tokens)
	}
	return p, nil
}

func parsePrior(text string, tokens int) (Prior, error) {
	if name, ok := strings.CutPrefix(text, "@"); ok {
		return ReadSampled(name)
	}
	kind, rest, _ := strings.Cut(text, ":")
	switch kind {
	case "point":
		c, err := ReadChain(rest)
		if err != nil {
			return nil, err
		}
		return Point{Chain: c, Name: rest}, nil
	case "orbit":
		return parseOrbit(rest, tokens)
	}
	build, known := families[kind]
	if !known {
		return nil, fmt.Errorf("unknown prior %q, want %s", kind, PriorGrammar)
	}
	if tokens < MinTokens || tokens > MaxTokens {
		return nil, fmt.Errorf("%d tokens, want %d to %d (--tokens S)", tokens, MinTokens, MaxTokens)
	}
	return build(rest, tokens)
}

// families maps the name of each parametric prior to its reader.
var families = map[string]func(rest string, tokens int) (Prior, error){
	"dirichlet": func(rest string, tokens int) (Prior, error) {
		v, err := numbers(rest, "alpha")
		if err != nil {
			return nil, err
		}
		return Dirichlet{tokens, v[0]}, checkAlpha(v[0])
	},
	"floor": func(rest string, tokens int) (Prior, error) {
		v, err := numbers(rest, "alpha", "gamma")
		if err != nil {
			return nil, err
		}
		return Floor{tokens, v[0], v[1]}, firstError(checkAlpha(v[0]), checkWeight("gamma", v[1]))
	},
	"sticky": blended(func(n int, w, a float64) Prior { return Sticky{n, w, a} }),
	"cyclic": blended(func(n int, w, a float64) Prior { return Cyclic{n, w, a} }),
	"near-deterministic": blended(func(n int, w, a float64) Prior {
		return NearDeterministic{n, w, a}
	}),
	"rank-one": func(rest string, tokens int) (Prior, error) {
		v, err := numbers(rest, "alpha")
		if err != nil {
			return nil, err
		}
		return RankOne{tokens, v[0]}, checkAlpha(v[0])
	},
	"reversible": func(rest string, tokens int) (Prior, error) {
		v, err := numbers(rest, "alpha")
		if err != nil {
			return nil, err
		}
		return Reversible{tokens, v[0]}, checkAlpha(v[0])
	},
}

func blended(build func(n int, weight, alpha float64) Prior) func(string, int) (Prior, error) {
	return func(rest string, tokens int) (Prior, error) {
		v, err := numbers(rest, "weight", "alpha")
		if err != nil {
			return nil, err
		}
		return build(tokens, v[0], v[1]), firstError(checkWeight("weight", v[0]), checkAlpha(v[1]))
	}
}

// parseOrbit tells "orbit:ALPHA,SEED" from "orbit:FILE" by its form.
func parseOrbit(rest string, tokens int) (Prior, error) {
	if alphaText, seedText, ok := strings.Cut(rest, ","); ok {
		alpha, errA := strconv.ParseFloat(alphaText, 64)
		seed, errS := strconv.ParseUint(seedText, 10, 64)
		if errA == nil && errS == nil {
			if err := checkAlpha(alpha); err != nil {
				return nil, err
			}
			if tokens < MinTokens || tokens > MaxOrbitTokens {
				return nil, fmt.Errorf("%d tokens, want %d to %d (--tokens S) for an orbit", tokens, MinTokens, MaxOrbitTokens)
			}
			base, err := DrawChain(Dirichlet{tokens, alpha}, stream.Key{Seed: seed, Purpose: stream.Prior})
			if err != nil {
				return nil, err
			}
			return NewOrbit(base, rest)
		}
	}
	base, err := ReadChain(rest)
	if err != nil {
		return nil, err
	}
	return NewOrbit(base, rest)
}

// numbers reads exactly the named numbers, separated by commas.
func numbers(text string, names ...string) ([]float64, error) {
	words := strings.Split(text, ",")
	if len(words) != len(names) || text == "" {
		return nil, fmt.Errorf("arguments %q, want %s", text, strings.ToUpper(strings.Join(names, ",")))
	}
	values := make([]float64, len(words))
	for i, w := range words {
		v, err := strconv.ParseFloat(strings.TrimSpace(w), 64)
		if err != nil {
			return nil, fmt.Errorf("%s = %q, want a number", names[i], w)
		}
		values[i] = v
	}
	return values, nil
}

// firstError keeps a message to one line.
func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
