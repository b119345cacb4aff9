package theorylaws

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"causalgrad/props"
	"causalgrad/props/gen"
	"causalgrad/theory/markov"
	"pgregory.net/rapid"
)

var reading = []props.Capability{CanReadChains}

// notationLaws are about reading and printing chains and priors.
func notationLaws() []props.Law {
	return slices.Concat(chainNotationLaws(), priorNotationLaws(), priorLaws())
}

func chainNotationLaws() []props.Law {
	source := "theory.md section 1"
	return []props.Law{
		{ID: "chain-file", Source: source, Needs: reading, Draws: 40, Check: chainFile,
			Sentence: "A chain written as CSV, .npy or JSON is read with the same bits."},
		{ID: "chain-print", Source: source, Needs: reading, Check: chainPrint,
			Sentence: "A printed chain reads back with the same bits."},
		{ID: "chain-decimals", Source: source, Needs: reading, Check: chainDecimals,
			Sentence: "Rows that miss 1 by up to 1e-9 are scaled to it, those that are 1 up to rounding keep their bits, and any others are refused."},
		{ID: "chain-refusals", Source: source, Needs: reading, Check: chainRefusals,
			Sentence: "A matrix with one wrong entry, a row too short, too few rows or a token that is never or hardly ever reached is refused in one line with its place."},
		{ID: "chain-file-refusals", Source: source, Needs: reading, Draws: 40, Check: chainFileRefusals,
			Sentence: "A file that is absent, no matrix or in another format is refused in one line that names it."},
		{ID: "chain-damaged", Source: source, Needs: reading, Draws: 60, Check: chainDamaged,
			Sentence: "A damaged file is refused in one line that names it, or is a chain."},
		{ID: "chain-operations", Source: source, Needs: reading, Check: chainOperations,
			Sentence: "Printing does not depend on how a chain was made: reversed twice and renamed there and back it is the same chain, and its copies are its own."},
	}
}

func chainFile(t *rapid.T, s props.Subject) {
	c := props.DrawChain(t, 2, 5)
	name, data := matrixFile(t, [][][]float64{c.Rows()}, 2)
	k := props.Case{Chain: c.Rows()}.Where("as a file %s of %q", name, data)
	inFile(t, name, data, func(file string) {
		got := props.Ask(t, k, "chain", func() (*markov.Chain, error) { return notationOf(s).ReadChain(file) })
		sameChain(t, k, "chain", got, c)
		prior := props.Ask(t, k, "point prior", func() (markov.Prior, error) { return notationOf(s).ParsePrior("point:"+file, c.Tokens()) })
		sameChain(t, k, "point prior", prior.(markov.Finite).Support()[0], c)
		props.Equal(t, k, "point prior's text", []string{prior.String()}, []string{"point:" + file})
	})
}

func chainPrint(t *rapid.T, s props.Subject) {
	c := props.DrawChain(t, 2, 5)
	k := props.Case{Chain: c.Rows()}
	text := props.Ask(t, k, "text", func() (string, error) { return notationOf(s).PrintChain(c), nil })
	sameChain(t, k, "chain read back", props.Ask(t, k, "chain", func() (*markov.Chain, error) { return notationOf(s).ReadChain(text) }), c)
}

func newChain(s props.Subject, rows [][]float64) func() (*markov.Chain, error) {
	return func() (*markov.Chain, error) { return notationOf(s).NewChain(rows) }
}

func chainDecimals(t *rapid.T, s props.Subject) {
	c := props.DrawChain(t, 2, 5)
	rows := c.Rows()
	sameChain(t, props.Case{Chain: rows}, "the chain again", props.Ask(t, props.Case{Chain: rows}, "chain", newChain(s, rows)), c)
	a := rapid.IntRange(0, len(rows)-1).Draw(t, "row")
	miss := rapid.Float64Range(1e-14, 9e-10).Draw(t, "miss") * rapid.SampledFrom([]float64{1, -1}).Draw(t, "sign")
	for b := range rows[a] {
		rows[a][b] *= 1 + miss
	}
	k := props.Case{Chain: rows}
	got := props.Ask(t, k, "chain", newChain(s, rows))
	aChain(t, k, s, got)
	props.WithinAll(t, k, "scaled row", got.Row(a), c.Row(a), 2*float64(len(rows)+2)*s.Roundoff())
	for b := range rows[a] {
		rows[a][b] *= 1 + math.Copysign(2e-9, miss)
	}
	props.Refuses(t, k, "chain", newChain(s, rows), fmt.Sprintf("chain[%d]", a))
}

func chainRefusals(t *rapid.T, s props.Subject) {
	rows := props.DrawKind(t, "small integers", 2, 5).Rows()
	size := len(rows)
	a, b := rapid.IntRange(0, size-1).Draw(t, "row"), rapid.IntRange(0, size-1).Draw(t, "column")
	entry := fmt.Sprintf("chain[%d][%d]", a, b)
	name := entry
	switch rapid.IntRange(0, 7).Draw(t, "what") {
	case 0:
		rows[a][b] = rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), math.Inf(-1), 2, -1e-300}).Draw(t, "entry")
	case 1:
		rows[a], name = rows[a][:size-1], fmt.Sprintf("chain[%d]: %d entries", a, size-1)
	case 2:
		rows[a], name = append(rows[a], 0), fmt.Sprintf("chain[%d]: %d entries", a, size+1)
	case 3:
		rows, name = rows[:rapid.IntRange(0, 1).Draw(t, "rows")], "rows, want 2"
	case 4:
		rows[a][b] += 1e-3
		name = fmt.Sprintf("chain[%d]", a)
		if rows[a][b] > 1 {
			name = entry
		}
	case 5: // token a is left for ever
		clear(rows[a])
		rows[a][a], name = 1, "reducible"
	case 6: // token a is never entered, its own row included
		for c := range rows {
			rows[c][(a+1)%size] += rows[c][a]
			rows[c][a] = 0
		}
		name = "reducible"
	case 7: // token a is entered too rarely for its probability to be a number
		for c := range rows {
			if c != a {
				rows[c][(a+1)%size] += rows[c][a]
				rows[c][a] = 1e-200
			}
		}
		name = "numerically reducible"
	}
	props.Refuses(t, props.Case{Chain: rows}, "chain", newChain(s, rows), name)
}

func chainFileRefusals(t *rapid.T, s props.Subject) {
	c := props.DrawChain(t, 2, 4)
	name, data := matrixFile(t, [][][]float64{c.Rows()}, 2)
	var word string
	switch rapid.IntRange(0, 4).Draw(t, "what") {
	case 0:
		data, word = nil, "" // nothing in it
	case 1: // as another format
		name = rapid.SampledFrom([]string{"other.json", "other.csv", "other.npy"}).Draw(t, "name")
		if strings.HasSuffix(name, ".json") == strings.HasPrefix(string(data), "[") && strings.HasSuffix(name, ".npy") == strings.HasPrefix(string(data), "\x93") {
			data = []byte("no matrix") // the same format
		}
	case 2: // another shape
		flat := append(slices.Clone(c.Flat()), c.Flat()...)
		name, data = "array.npy", gen.Layouts([]int{2 * c.Tokens(), c.Tokens()}, flat, false).Draw(t, "layout").Bytes()
		word = "square"
	case 3:
		name, data, word = "rows.csv", []byte("0.5,0.5\n0.5,half\n"), "chain[1][1]"
	case 4:
		name, data, word = "rows.csv", []byte("1,0\n0,1\n"), "reducible"
	}
	k := props.Case{}.Where("a file %s of %q", name, data)
	inFile(t, name, data, func(file string) {
		read := func(name string) func() (*markov.Chain, error) {
			return func() (*markov.Chain, error) { return notationOf(s).ReadChain(name) }
		}
		props.Refuses(t, k, "chain", read(file), file, word)
		props.Refuses(t, k.Where("removed"), "absent file", read(file+"x"), file+"x")
		props.Refuses(t, k.Where("its folder"), "folder", read(strings.TrimSuffix(file, name)), "file")
		props.Refuses(t, k.Where("no name"), "no file", read(""), "file")
	})
}

func chainDamaged(t *rapid.T, s props.Subject) {
	c := props.DrawChain(t, 2, 3)
	name, data := matrixFile(t, [][][]float64{c.Rows()}, 2)
	data = gen.Damaged(data).Draw(t, "damaged")
	k := props.Case{}.Where("a file %s of %q", name, data)
	inFile(t, name, data, func(file string) {
		if got, ok := props.Either(t, k, "chain", func() (*markov.Chain, error) { return notationOf(s).ReadChain(file) }, file); ok {
			aChain(t, k, s, got)
		}
	})
	text := string(gen.Damaged([]byte(notationOf(s).PrintChain(c))).Draw(t, "damaged text"))
	if strings.HasPrefix(text, "[[") { // else it is the name of a file
		k := props.Case{}.Where("the list %q", text)
		if got, ok := props.Either(t, k, "chain", func() (*markov.Chain, error) { return notationOf(s).ReadChain(text) }); ok {
			aChain(t, k, s, got)
		}
	}
}

// chainOperations prints chains that were made in several ways.
func chainOperations(t *rapid.T, s props.Subject) {
	c := props.DrawChain(t, 2, 5)
	k := props.Case{Chain: c.Rows()}
	order := props.DrawOrder(t, c.Tokens())
	back := make([]int, len(order))
	for a, b := range order {
		back[b] = a
	}
	print := notationOf(s).PrintChain
	props.Equal(t, k, "renamed there and back", []string{print(c.Relabelled(order).Relabelled(back))}, []string{print(c)})
	read := props.Ask(t, k, "chain", func() (*markov.Chain, error) { return notationOf(s).ReadChain(print(c.Reversed().Reversed())) })
	props.WithinAll(t, k, "reversed twice", read.Flat(), c.Flat(), 16*s.Roundoff())
	rows := c.Rows()
	again := props.Ask(t, k, "chain", newChain(s, rows))
	clear(rows[0])
	sameChain(t, k, "the chain after its list was changed", again, c)
}
