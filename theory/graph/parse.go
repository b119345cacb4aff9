package graph

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"causalgrad/theory/stream"
	"causalgrad/theory/suggest"
	"causalgrad/theory/userfile"
)

// Grammar describes what Parse reads, for help texts and error messages.
const Grammar = "chain, icl, manual, random[:ROOT_PROBABILITY|:uniform], trigram-half, parents:-1,0,..., dag:[[],[],[0,1],...]"

// Kinds are the words that a graph's text begins with, in the order of Grammar.
func Kinds() []string {
	return []string{"chain", "icl", "manual", "random", "trigram-half", "parents", "dag"}
}

// ErrNeedsLength is wrapped by Parse's error for a named family without a
// sequence length.
var ErrNeedsLength = errors.New("needs a sequence length (--length T)")

// Parse reads a graph in the command's grammar, but for files, which are package
// graphfile's. length is T for the named families and 0 for "as the text says";
// where the text fixes T itself a different length is an error. seed draws the
// random family.
func Parse(text string, length int, seed uint64) (Graph, error) {
	g, err := checked(text, length, seed)
	if err != nil {
		return nil, fmt.Errorf("graph %q: %w", userfile.Printable(text), err)
	}
	return g, nil
}

func checked(text string, length int, seed uint64) (Graph, error) {
	if err := CheckLength(length); err != nil {
		return nil, err
	}
	g, err := parse(strings.TrimSpace(text), length, seed)
	if err != nil {
		return nil, err
	}
	return g, Agree(g, length)
}

// CheckLength refuses a sequence length beyond the bounds; 0 means none.
func CheckLength(length int) error {
	if length != 0 && (length < MinSequenceLength || length > MaxSequenceLength) {
		return fmt.Errorf("sequence length T = %d, want %d to %d", length, MinSequenceLength, MaxSequenceLength)
	}
	return nil
}

// Agree refuses a graph of another sequence length than was asked for (0:
// none), and says how T is counted.
func Agree(g Graph, length int) error {
	t := g.SequenceLength()
	switch _, forest := g.(Forest); {
	case length == 0 || t == length:
		return nil
	case forest:
		return fmt.Errorf("has sequence length %d (T is the number of parents, %d, and one more for the query), but length %d was asked for", t, t-1, length)
	}
	return fmt.Errorf("has sequence length %d (T is the number of lists without the target's), but length %d was asked for", t, length)
}

func parse(text string, length int, seed uint64) (Graph, error) {
	kind, rest, hasRest := strings.Cut(text, ":")
	switch kind {
	case "parents":
		return parseParents(rest)
	case "dag":
		return parseDAG([]byte(rest))
	case "manual":
		return noArgument(Manual(), nil, hasRest)
	}
	if length == 0 {
		switch kind {
		case "chain", "icl", "random", "trigram-half":
			return nil, ErrNeedsLength
		}
	}
	switch kind {
	case "chain":
		f, err := Chain(length)
		return noArgument(f, err, hasRest)
	case "icl":
		f, err := ICL(length)
		return noArgument(f, err, hasRest)
	case "trigram-half":
		g, err := TrigramHalf(length)
		return noArgument(g, err, hasRest)
	case "random":
		return parseRandom(rest, hasRest, length, seed)
	}
	return nil, fmt.Errorf("unknown graph %q, want %s%s", userfile.Printable(kind), Grammar, suggest.Meant(kind, Kinds()...))
}

func noArgument(g Graph, err error, hasRest bool) (Graph, error) {
	if err == nil && hasRest {
		err = errors.New("takes no argument after the colon")
	}
	return g, err
}

// DefaultRootProbability is that of the paper's many-graphs experiment.
const DefaultRootProbability = 0.5

func parseRandom(rest string, hasRest bool, length int, seed uint64) (Graph, error) {
	s := stream.New(stream.Key{Seed: seed, Purpose: stream.Graph})
	if rest == "uniform" {
		return RandomUniform(length, s)
	}
	r := DefaultRootProbability
	if hasRest {
		var err error
		if r, err = strconv.ParseFloat(rest, 64); err != nil || !(r >= 0 && r <= 1) {
			return nil, fmt.Errorf("root probability %q, want a number from 0 to 1 or \"uniform\"%s", userfile.Printable(rest), suggest.Meant(rest, "uniform"))
		}
	}
	return Random(length, r, s)
}

func parseParents(list string) (Graph, error) {
	words := strings.Split(list, ",")
	parents := make([]int, len(words))
	for i, w := range words {
		p, err := strconv.Atoi(strings.TrimSpace(w))
		if err != nil {
			return nil, fmt.Errorf("parents[%d] = %q, want an integer", i, userfile.Printable(w))
		}
		parents[i] = p
	}
	return NewForest(parents)
}

func parseDAG(text []byte) (Graph, error) {
	v, err := userfile.ParseJSON(text)
	if err == nil {
		var lists [][]int
		if lists, err = Lists(v); err == nil {
			return NewDAG(lists)
		}
	}
	return nil, fmt.Errorf("dag: want a JSON list of lists of positions: %w", err)
}

// Lists reads the parents of a DAG's entries: lists of positions.
func Lists(v userfile.Value) ([][]int, error) {
	if err := v.Want(userfile.List, "dag"); err != nil {
		return nil, err
	}
	lists := make([][]int, len(v.Items))
	for i, item := range v.Items {
		var err error
		if lists[i], err = item.Ints(fmt.Sprintf("dag[%d]", i)); err != nil {
			return nil, err
		}
	}
	return lists, nil
}
