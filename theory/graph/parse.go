package graph

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"causalgrad/theory/stream"
)

// Grammar describes what Parse reads, for help texts and error messages.
const Grammar = "chain, icl, manual, random[:ROOT_PROBABILITY|:uniform], trigram-half, parents:-1,0,..., dag:[[],[],[0,1],...] or @FILE (.json, .dot, .gv or .edges)"

// ErrNeedsLength is wrapped by Parse's error for a named family without a
// sequence length.
var ErrNeedsLength = errors.New("needs a sequence length (--length T)")

// Parse reads a graph in the command's grammar. length is T for the named
// families and 0 for "as the text says"; where the text fixes T itself a
// different length is an error. seed draws the random family.
func Parse(text string, length int, seed uint64) (Graph, error) {
	if length != 0 && (length < MinSequenceLength || length > MaxSequenceLength) {
		return nil, fmt.Errorf("graph %q: sequence length T = %d, want %d to %d", text, length, MinSequenceLength, MaxSequenceLength)
	}
	g, err := parse(strings.TrimSpace(text), length, seed)
	if err != nil {
		return nil, fmt.Errorf("graph %q: %w", text, err)
	}
	if length != 0 && g.SequenceLength() != length {
		return nil, fmt.Errorf("graph %q: has sequence length %d, but length %d was asked for", text, g.SequenceLength(), length)
	}
	return g, nil
}

func parse(text string, length int, seed uint64) (Graph, error) {
	if file, ok := strings.CutPrefix(text, "@"); ok {
		return readFile(file, length)
	}
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
	return nil, fmt.Errorf("unknown graph %q, want %s", kind, Grammar)
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
			return nil, fmt.Errorf("root probability %q, want a number from 0 to 1 or \"uniform\"", rest)
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
			return nil, fmt.Errorf("parents[%d] = %q, want an integer", i, w)
		}
		parents[i] = p
	}
	return NewForest(parents)
}

func parseDAG(text []byte) (Graph, error) {
	var lists [][]int
	if err := json.Unmarshal(text, &lists); err != nil {
		return nil, fmt.Errorf("dag: want a JSON list of lists of positions: %w", err)
	}
	return NewDAG(lists)
}

// fileError drops the operation's name: the message says which file and why.
func fileError(name string, err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return fmt.Errorf("file %s: %w", name, err)
}
