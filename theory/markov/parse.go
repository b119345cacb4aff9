package markov

import (
	"fmt"
	"strconv"
	"strings"

	"causalgrad/theory/stream"
	"causalgrad/theory/suggest"
	"causalgrad/theory/userfile"
)

// PriorGrammar describes what ParsePrior reads.
const PriorGrammar = "dirichlet:ALPHA, floor:ALPHA,GAMMA, orbit:FILE, orbit:@FILE, orbit:ALPHA,SEED, point:FILE (FILE may be the matrix itself: [[...],...]), @FILE, " +
	"sticky:WEIGHT,ALPHA, cyclic:WEIGHT,ALPHA, near-deterministic:WEIGHT,ALPHA, rank-one:ALPHA or reversible:ALPHA"

// ParsePrior reads a prior in the command's grammar over tokens symbols; a
// file fixes the number of tokens itself and must agree unless tokens is 0.
func ParsePrior(text string, tokens int) (Prior, error) {
	p, _, err := ReadPrior(text, tokens)
	return p, err
}

// ReadPrior is ParsePrior with notes for the user on what was decided in
// reading files, each a sentence that names the file.
func ReadPrior(text string, tokens int) (Prior, []string, error) {
	p, notes, err := readPrior(strings.TrimSpace(text), tokens)
	if err != nil {
		return nil, nil, fmt.Errorf("prior %s: %w%s", quoted(text), err, mismarked(strings.TrimSpace(text)))
	}
	if tokens != 0 && p.Tokens() != tokens {
		return nil, nil, fmt.Errorf("prior %s: has %d tokens, but %d were asked for", quoted(text), p.Tokens(), tokens)
	}
	return p, notes, nil
}

// quoted is text as a message repeats it.
func quoted(text string) string {
	if printable := userfile.Printable(text); strings.HasPrefix(printable, `"`) {
		return printable
	}
	return `"` + userfile.Printable(text) + `"`
}

// Kinds are the words that a prior's text begins with, in the order of
// PriorGrammar.
func Kinds() []string {
	return []string{"dirichlet", "floor", "orbit", "point", "sticky", "cyclic", "near-deterministic", "rank-one", "reversible"}
}

// mismarked is the end of a message about a text that names a file without "@",
// or a chain's file with it.
func mismarked(text string) string {
	if kind, name, _ := strings.Cut(text, ":"); kind == "point" && strings.HasPrefix(name, "@") {
		return suggest.File(name[1:], name[1:])
	}
	return suggest.File(text, "@"+text)
}

// fileKinds begin the texts of priors that read a file.
var fileKinds = []string{"orbit:@", "orbit:", "point:", "@"}

// inFile splits a prior's text that reads a file before the file's name.
func inFile(text string) (kind, name string, ok bool) {
	for _, kind := range fileKinds {
		if name, found := strings.CutPrefix(strings.TrimSpace(text), kind); found {
			_, _, drawn := orbitArguments(name)
			return kind, name, kind != "orbit:" || !drawn
		}
	}
	return "", "", false
}

// ReadsFile tells whether a prior's text names a file (or a matrix in its
// place), which then fixes the number of tokens.
func ReadsFile(text string) bool {
	_, _, ok := inFile(text)
	return ok
}

// Normalised is a prior's text with every row of its files divided by its sum;
// ok is false for a prior that reads no file.
func Normalised(text string) (normal string, ok bool) {
	kind, name, ok := inFile(text)
	if !ok {
		return text, false
	}
	return kind + normalised + strings.TrimPrefix(name, normalised), true
}

func readPrior(text string, tokens int) (Prior, []string, error) {
	if name, ok := strings.CutPrefix(text, "@"); ok {
		return asPrior(readSampled(name))
	}
	kind, rest, _ := strings.Cut(text, ":")
	switch kind {
	case "point":
		c, notes, err := readChain(rest)
		if err != nil {
			return nil, nil, err
		}
		return Point{Chain: c, Name: rest}, notes, nil
	case "orbit":
		return asPrior(readOrbit(rest, tokens))
	}
	p, err := parseFamily(kind, rest, tokens)
	return p, nil, err
}

// asPrior keeps a failed reader's nil pointer out of the interface.
func asPrior[P Prior](p P, notes []string, err error) (Prior, []string, error) {
	if err != nil {
		return nil, nil, err
	}
	return p, notes, nil
}

func parseFamily(kind, rest string, tokens int) (Prior, error) {
	build, known := families[kind]
	if !known {
		return nil, fmt.Errorf("unknown prior %s, want %s%s", quoted(kind), PriorGrammar, suggest.Meant(kind, Kinds()...))
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

// orbitArguments tells "orbit:ALPHA,SEED" from "orbit:FILE" by its form.
func orbitArguments(rest string) (alpha float64, seed uint64, ok bool) {
	alphaText, seedText, _ := strings.Cut(rest, ",")
	alpha, errA := strconv.ParseFloat(alphaText, 64)
	seed, errS := strconv.ParseUint(seedText, 10, 64)
	return alpha, seed, errA == nil && errS == nil
}

// readOrbit reads ALPHA,SEED, a chain's file or "@" and a prior's file.
func readOrbit(rest string, tokens int) (*Orbit, []string, error) {
	if alpha, seed, ok := orbitArguments(rest); ok {
		o, err := drawOrbit(alpha, seed, rest, tokens)
		return o, nil, err
	}
	if name, ok := strings.CutPrefix(rest, "@"); ok {
		p, notes, err := readSampled(name)
		if err != nil {
			return nil, nil, err
		}
		o, err := NewOrbits(p.support, rest)
		return o, notes, err
	}
	base, notes, err := readChain(rest)
	if err != nil {
		return nil, nil, err
	}
	o, err := NewOrbit(base, rest)
	return o, notes, err
}

func drawOrbit(alpha float64, seed uint64, name string, tokens int) (*Orbit, error) {
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
	return NewOrbit(base, name)
}

// numbers reads exactly the named numbers, separated by commas.
func numbers(text string, names ...string) ([]float64, error) {
	words := strings.Split(text, ",")
	if len(words) != len(names) || text == "" {
		return nil, fmt.Errorf("arguments %s, want %s", quoted(text), strings.ToUpper(strings.Join(names, ",")))
	}
	values := make([]float64, len(words))
	for i, w := range words {
		v, err := strconv.ParseFloat(strings.TrimSpace(w), 64)
		if err != nil {
			return nil, fmt.Errorf("%s = %s, want a number", names[i], quoted(w))
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
