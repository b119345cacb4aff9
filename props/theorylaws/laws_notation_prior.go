package theorylaws

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"causalgrad/props"
	"causalgrad/props/gen"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
	"pgregory.net/rapid"
)

func priorNotationLaws() []props.Law {
	source := "theory.md section 1"
	return []props.Law{
		{ID: "prior-round-trip", Source: source, Needs: reading, Check: priorRoundTrip,
			Sentence: "A prior's text reads back as a prior with the same text that draws the same chains."},
		{ID: "prior-refusals", Source: source, Needs: reading, Draws: 40, Check: priorRefusals,
			Sentence: "A prior with an unknown name, a number missing, too many, outside its range or none, or another number of tokens is refused in one line that quotes it."},
		{ID: "prior-damaged", Source: source, Needs: reading, Check: priorDamaged,
			Sentence: "A damaged text is refused in one line that quotes it, or is a prior that reads back as itself."},
		{ID: "prior-file", Source: source, Needs: reading, Draws: 40, Check: priorFile,
			Sentence: "A file of chains is the prior that is uniform over them, in order, with the same bits, in any format."},
		{ID: "prior-file-refusals", Source: source, Needs: reading, Draws: 60, Check: priorFileRefusals,
			Sentence: "A file with a bad matrix, matrices of two sizes or none is refused in one line that names the file, and the matrix by its number."},
	}
}

// priorText draws a prior's text in the grammar, without a file.
func priorText(t *rapid.T, tokens int) string {
	alpha := decimalText(t, rapid.SampledFrom([]float64{0.1, 1, 3, 0.25, 1e-4, 1e6, 12.5}).Draw(t, "alpha"))
	weight := decimalText(t, rapid.Float64Range(0.01, 0.99).Draw(t, "weight"))
	texts := []string{"dirichlet:" + alpha, "floor:" + alpha + "," + weight, "sticky:" + weight + "," + alpha, "cyclic:" + weight + "," + alpha,
		"near-deterministic:" + weight + "," + alpha, "rank-one:" + alpha, "reversible:" + alpha,
		"point:" + string(nestedLists(t, gen.ChainsOf("small integers", tokens, tokens).Draw(t, "chain").Rows()))}
	if tokens <= 3 {
		texts = append(texts, fmt.Sprintf("orbit:1,%d", rapid.Uint64().Draw(t, "seed")),
			"orbit:"+string(nestedLists(t, gen.ChainsOf("small integers", tokens, tokens).Draw(t, "chain").Rows())))
	}
	return rapid.SampledFrom(texts).Draw(t, "text")
}

// decimalText writes a number in one of the ways that mean it exactly.
func decimalText(t *rapid.T, v float64) string {
	return strconv.FormatFloat(v, rapid.SampledFrom([]byte("gef")).Draw(t, "notation"), -1, 64)
}

// priorCase is the case of a prior's text.
func priorCase(text string, tokens int) props.Case {
	return props.Case{}.With("--prior '%s' --tokens %d", text, tokens)
}

func parsePrior(s props.Subject, text string, tokens int) func() (markov.Prior, error) {
	return func() (markov.Prior, error) { return notationOf(s).ParsePrior(text, tokens) }
}

// samePrior demands the text, the tokens and the draws of another prior.
func samePrior(t *rapid.T, c props.Case, got, want markov.Prior) {
	props.Equal(t, c, "text", []string{got.String()}, []string{want.String()})
	props.Equal(t, c, "tokens", []int{got.Tokens()}, []int{want.Tokens()})
	key := stream.Key{Seed: rapid.Uint64().Draw(t, "draws' seed"), Purpose: stream.Law}
	first, second := stream.New(key), stream.New(key)
	a, b := make([]float64, got.Tokens()*got.Tokens()), make([]float64, got.Tokens()*got.Tokens())
	for range 3 {
		got.Draw(first, a)
		want.Draw(second, b)
		props.Equal(t, c, "draw", props.BitsOf(a), props.BitsOf(b))
	}
}

func priorRoundTrip(t *rapid.T, s props.Subject) {
	tokens := rapid.IntRange(2, 4).Draw(t, "tokens")
	text := priorText(t, tokens)
	spaced := rapid.SampledFrom([]string{"", " ", "\t"}).Draw(t, "space") + text + rapid.SampledFrom([]string{"", " ", "\n"}).Draw(t, "space")
	c := priorCase(spaced, tokens)
	p := props.Ask(t, c, "prior", parsePrior(s, spaced, tokens))
	props.Equal(t, c, "tokens", []int{p.Tokens()}, []int{tokens})
	samePrior(t, c, props.Ask(t, c, "prior's own text", parsePrior(s, p.String(), tokens)), p)
	kind, rest, _ := strings.Cut(text, ":")
	printed, numbers, _ := strings.Cut(p.String(), ":")
	props.Equal(t, c, "name", []string{printed}, []string{kind})
	if !strings.HasPrefix(rest, "[[") {
		for i, word := range strings.Split(rest, ",") {
			got, _ := strconv.ParseFloat(strings.Split(numbers, ",")[i], 64) // a number that is none differs
			want, _ := strconv.ParseFloat(word, 64)
			props.Equal(t, c, "number", []float64{got}, []float64{want})
		}
	}
	if strings.HasPrefix(rest, "[[") {
		samePrior(t, c.Where("without the number of tokens"), props.Ask(t, c, "prior", parsePrior(s, text, 0)), p)
		props.Refuses(t, c, "prior over another number of tokens", parsePrior(s, text, tokens+1), strconv.Itoa(tokens), strconv.Itoa(tokens+1))
	}
}

func priorRefusals(t *rapid.T, s props.Subject) {
	tokens := rapid.IntRange(2, 5).Draw(t, "tokens")
	name := rapid.SampledFrom([]string{"dirichlet", "floor", "sticky", "cyclic", "near-deterministic", "rank-one", "reversible"}).Draw(t, "name")
	values := map[string][]string{"dirichlet": {"alpha"}, "rank-one": {"alpha"}, "reversible": {"alpha"}, "floor": {"alpha", "gamma"}}[name]
	if values == nil {
		values = []string{"weight", "alpha"}
	}
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = map[string]string{"alpha": "0.5", "gamma": "0.25", "weight": "0.75"}[v]
	}
	reject := func(name string, words []string, tokens int, quoted string) {
		text := name + ":" + strings.Join(words, ",")
		props.Refuses(t, priorCase(text, tokens), "prior", parsePrior(s, text, tokens), fmt.Sprintf("prior %q", text), quoted)
	}
	for i, v := range values {
		bad := []string{"0", "-1", "NaN", "Inf", "1e7", "9e-5"}
		if v != "alpha" {
			bad = []string{"0", "1", "-0.5", "1.5", "NaN", "-Inf"}
		}
		for _, number := range append(bad, "x", "1.2.3", "0x", "--1", "1e") {
			changed := slices.Clone(words)
			changed[i] = number
			reject(name, changed, tokens, v)
		}
	}
	reject(name+rapid.SampledFrom([]string{"x", " ", "-"}).Draw(t, "suffix"), words, tokens, "unknown prior")
	reject(name, words[1:], tokens, "arguments")
	reject(name, append(slices.Clone(words), "1"), tokens, "arguments")
	size := rapid.SampledFrom([]int{-3, 0, 1, 513, 100000}).Draw(t, "bad tokens")
	reject(name, words, size, strconv.Itoa(size))
	reject("orbit", []string{rapid.SampledFrom([]string{"0", "NaN", "1e7"}).Draw(t, "alpha"), "1"}, 3, "alpha")
	size = rapid.SampledFrom([]int{0, 1, 6, 40}).Draw(t, "orbit's tokens")
	reject("orbit", []string{"1", "2"}, size, strconv.Itoa(size))
}

func priorDamaged(t *rapid.T, s props.Subject) {
	tokens := rapid.IntRange(2, 3).Draw(t, "tokens")
	text := string(gen.Damaged([]byte(priorText(t, tokens))).Draw(t, "damaged"))
	kind, rest, _ := strings.Cut(strings.TrimSpace(text), ":")
	if strings.HasPrefix(strings.TrimSpace(text), "@") || (kind == "point" || kind == "orbit") && !strings.HasPrefix(rest, "[[") {
		return // the name of a file
	}
	c := props.Case{}.Where("the prior %q over %d tokens", text, tokens)
	if p, ok := props.Either(t, c, "prior", parsePrior(s, text, tokens), "prior "); ok {
		samePrior(t, c, props.Ask(t, c, "prior's own text", parsePrior(s, p.String(), tokens)), p)
	}
}

func priorFile(t *rapid.T, s props.Subject) {
	chains := drawSupport(t, 4, 4)
	dimensions := 3
	if len(chains) == 1 && rapid.Bool().Draw(t, "a single matrix") {
		dimensions = 2
	}
	name, data := matrixFile(t, rowsOf(chains), dimensions)
	if dimensions == 2 && !strings.HasSuffix(name, ".npy") {
		name, data = "rows.csv", asCSV(t, rowsOf(chains))
	}
	c := props.Case{}.Where("a file %s of %q", name, data)
	inFile(t, name, data, func(file string) {
		p := props.Ask(t, c, "prior", parsePrior(s, "@"+file, 0))
		props.Equal(t, c, "text", []string{p.String()}, []string{"@" + file})
		finite, ok := p.(markov.Finite)
		props.Demand(t, c, ok && len(finite.Support()) == len(chains), "prior", fmt.Sprintf("%d chains", len(chains)), fmt.Sprint(p))
		for n, want := range chains {
			sameChain(t, c, fmt.Sprintf("chain %d", n), finite.Support()[n], want)
		}
		drawn := make([]float64, len(chains[0].Flat()))
		p.Draw(stream.New(drawKey(t)), drawn)
		among(t, c, drawn, chains)
		props.Refuses(t, c, "prior over another number of tokens", parsePrior(s, "@"+file, p.Tokens()+1), strconv.Itoa(p.Tokens()+1), file)
	})
}

// among demands one of the chains, bit by bit.
func among(t *rapid.T, c props.Case, drawn []float64, chains []*markov.Chain) {
	for _, chain := range chains {
		same := true
		for i, v := range chain.Flat() {
			same = same && math.Float64bits(v) == math.Float64bits(drawn[i])
		}
		if same {
			return
		}
	}
	props.Demand(t, c, false, "draw", "one of the prior's chains", fmt.Sprint(drawn))
}

func priorFileRefusals(t *rapid.T, s props.Subject) {
	chains := drawSupport(t, 3, 4)
	matrices := rowsOf(chains)
	size, n := len(matrices[0]), rapid.IntRange(0, len(matrices)-1).Draw(t, "matrix")
	name, data := matrixFile(t, matrices, 3)
	word := ""
	switch rapid.IntRange(0, 6).Draw(t, "what") {
	case 0:
		matrices[n][0][0] += 0.5
		name, data = matrixFile(t, matrices, 3)
		word = fmt.Sprintf("matrix %d: chain[0]", n)
	case 1:
		matrices = append(matrices, props.ChainOf(uniformRows(size+1)).Rows())
		name, word = "other.json", fmt.Sprintf("matrix %d: %d tokens", len(matrices)-1, size+1)
		data = nestedLists(t, matrices)
	case 2: // a line too many
		name, data = "rows.csv", asCSV(t, append(matrices, [][]float64{matrices[0][0]}))
		word = "multiple"
	case 3:
		name, data = rapid.SampledFrom([]string{"none.json", "none.csv"}).Draw(t, "none"), []byte("[]")
		if name == "none.csv" {
			data = nil
		}
		word = "no transition matrices"
	case 4: // the other dimension of the array
		flat := make([]float64, 0, len(matrices)*size*size)
		for _, c := range chains {
			flat = append(flat, c.Flat()...)
		}
		name, word = "array.npy", "shape"
		data = gen.Layouts([]int{len(flat)}, flat, false).Draw(t, "layout").Bytes()
	case 5: // cut short, so that a number, a bracket or a line is missing
		data = data[:len(data)-rapid.IntRange(3, 5).Draw(t, "bytes")]
		if name == "rows.csv" {
			data = append(data, "x,\n"...)
		}
	case 6:
		name, data, word = "rows.csv", []byte("0.5,0.5\n0.5,half\n"), "chain[1][1]"
	}
	c := props.Case{}.Where("a file %s of %q", name, data)
	inFile(t, name, data, func(file string) {
		props.Refuses(t, c, "prior", parsePrior(s, "@"+file, 0), file, word)
		props.Refuses(t, c.Where("absent"), "prior", parsePrior(s, "@"+file+"x", 0), file+"x")
	})
}
