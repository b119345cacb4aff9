package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"causalgrad/theory/graph"
	"causalgrad/theory/graph/graphfile"
	"causalgrad/theory/markov"

	"github.com/spf13/cobra"
)

// problem is the graph, the prior and the seed that most commands share.
type problem struct {
	graph  string
	order  []string // of the graph's named nodes
	length int
	tokens int
	prior  string
	chain  string // a file: the same as --prior point:FILE
	divide bool   // the rows of files by their sums
	roots  string // empty in commands without the flag
	seed   uint64
}

func (p *problem) flags(cmd *cobra.Command) {
	p.graphFlags(cmd)
	f := cmd.Flags()
	f.IntVar(&p.tokens, "tokens", 0, "vocabulary size S (default 3; a chain file fixes it)")
	f.StringVar(&p.prior, "prior", "dirichlet:0.1", "distribution of the transition matrices (causalgrad help priors): "+markov.PriorGrammar)
	f.StringVar(&p.chain, "chain", "", "one transition matrix, instead of --prior: a file (JSON nested list, table of text or .npy) or the list itself, '[[0.5,0.5],[0.1,0.9]]'")
	f.BoolVar(&p.divide, "normalise", false, "divide every row of the files of --chain and --prior by its sum: counts, percentages, rounded decimals")
}

// rootFlags adds what says how roots are drawn, for commands about forests.
func (p *problem) rootFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&p.roots, "roots", "stationary", "distribution of the tokens of roots: "+markov.RootsGrammar)
}

// graphFlags adds what names the graph alone.
func (p *problem) graphFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&p.graph, "graph", "chain", "causal graph (causalgrad help graphs): "+graphfile.Grammar)
	f.StringSliceVar(&p.order, "order", nil, "order of the named nodes of --graph @FILE, parents first: a,b,c; where a node has several parents, the last is the target")
	f.IntVar(&p.length, "length", 0, "sequence length T (default 20 for the named families; otherwise as the graph says)")
	f.Uint64Var(&p.seed, "seed", 1, "seed of everything random")
}

// Defaults of the paper's many-graphs experiment.
const (
	defaultLength = 20
	defaultTokens = 3
)

// parseGraph reads --graph, --length and --order, and notes on standard error
// what was decided in reading a file.
func (p *problem) parseGraph(cmd *cobra.Command) (graph.Graph, error) {
	r, err := p.readGraph(cmd)
	note(cmd, r.Notes...)
	return r.Graph, err
}

func (p *problem) readGraph(cmd *cobra.Command) (graphfile.Reading, error) {
	if err := refuseZero(cmd, "length"); err != nil {
		return graphfile.Reading{}, err
	}
	o := graphfile.Options{Length: p.length, Seed: p.seed, Order: p.order}
	r, err := graphfile.Parse(p.graph, o)
	if errors.Is(err, graph.ErrNeedsLength) {
		o.Length = defaultLength
		r, err = graphfile.Parse(p.graph, o)
	}
	return r, err
}

// parseForest is parseGraph where only single parents make sense.
func (p *problem) parseForest(cmd *cobra.Command) (graph.Forest, error) {
	r, err := p.readGraph(cmd)
	if err != nil {
		return graph.Forest{}, err
	}
	f, ok := r.Graph.(graph.Forest)
	if !ok {
		return graph.Forest{}, fmt.Errorf("graph %q: %w; this command needs a forest", p.graph, r.NotForest())
	}
	note(cmd, r.Notes...)
	return f, nil
}

// parsePrior reads --chain or --prior, with --tokens and --normalise, and notes
// on standard error what was decided in reading files.
func (p *problem) parsePrior(cmd *cobra.Command) (markov.Prior, error) {
	if err := refuseZero(cmd, "tokens"); err != nil {
		return nil, err
	}
	text, tokens, fixed := p.prior, p.tokens, cmd.Flags().Changed("tokens")
	if p.chain != "" {
		if cmd.Flags().Changed("prior") {
			return nil, fmt.Errorf("--chain %q and --prior %q: give one of them", p.chain, p.prior)
		}
		text, fixed = "point:"+fileOf(p.chain), true
	}
	if p.divide {
		normal, ok := markov.Normalised(text)
		if !ok {
			return nil, fmt.Errorf("--normalise: prior %q reads no file", text)
		}
		text = normal
	}
	prior, notes, err := markov.ReadPrior(text, tokens)
	if err != nil && tokens == 0 && !fixed && !markov.ReadsFile(text) {
		prior, notes, err = markov.ReadPrior(text, defaultTokens)
	}
	if err != nil {
		return nil, err
	}
	if err := markov.RequireAperiodic(prior); err != nil {
		return nil, err
	}
	roots, err := markov.ParseRoots(p.roots)
	if err != nil {
		return nil, fmt.Errorf("--roots: %w", err)
	}
	if prior, err = markov.WithRoots(prior, roots); err == nil {
		note(cmd, notes...)
	}
	return prior, err
}

// fileOf is a file's name without the @ that other flags put before theirs.
func fileOf(name string) string {
	if _, err := os.Stat(name); err == nil {
		return name
	}
	return strings.TrimPrefix(name, "@")
}

// note says on standard error what was decided in reading a user's files.
func note(cmd *cobra.Command, notes ...string) {
	for _, n := range notes {
		fmt.Fprintln(cmd.ErrOrStderr(), oneLine("note: "+n))
	}
}
