package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"causalgrad/impl/durable"
	"causalgrad/reports/evidence"
	"causalgrad/theory/infer"
	"causalgrad/theory/userfile"

	"github.com/spf13/cobra"
)

// Schemas of the JSON documents of infer, with their versions.
const (
	inferSchema    = "causalgrad/infer/1"
	recoverySchema = "causalgrad/infer-recovery/1"
)

type inferDocument struct {
	Schema string `json:"schema"`
	// Graph is the forest for --graph; undecided positions stand as roots.
	Graph string `json:"graph"`
	evidence.Inferred
}

type recoveryDocument struct {
	Schema  string                   `json:"schema"`
	Options evidence.RecoveryOptions `json:"options"`
	Points  []evidence.RecoveryPoint `json:"points"`
}

// Answer says what share of the edges the most sequences recover.
func (d recoveryDocument) Answer() string { return evidence.RecoveryAnswer(d.Points) }

// inference is what the command is asked.
type inference struct {
	problem
	options  evidence.InferOptions
	weight   string
	read     infer.ReadOptions
	choices  [3]string // header, index, one-based
	between  string    // the separator
	simulate []int
	forests  int
	save     string
}

func newInfer() *cobra.Command {
	var o output
	var q inference
	cmd := &cobra.Command{
		Use:   "infer FILE",
		Short: "The causal forest, estimated from a user's sequences",
		Long: `infer reads sequences, one a line, tokens as integers from 0, and estimates
chi-square information between positions and the forest behind them, with
intervals and false-discovery control, beside the Chow-Liu tree.

FILE is a table of text (commas, semicolons, tabs or blanks), a .npy array or an
.npz archive of one, packed with gzip or not; - is standard input. A header, a
column that counts rows, tokens counted from 1 and tokens that never occur are
found: what is certain is said on standard error, the rest is refused with the
flag that decides.

By default every sequence has a chain of its own, as in the paper: the last two
columns are the query s_T and the answer, a token drawn from the query's row of
the sequence's chain, and the first-step gradient of the reduced model is
estimated, without its 1/frequency: this keeps the false-discovery rate at any T
but cannot decide position 1. --weight gradient is the paper's gradient as it
is, which finds more with few sequences, and whose finite-T terms make edges at
roots where there are many. With --shared-chain all sequences come from one chain and every column is a position.

--simulate N draws the sequences from --graph and --prior instead of reading
them; with --forests M it counts over M random forests of --length and --tokens
(several N make a table). Undecided rows are not shown to be roots; in the last
line, which --graph reads, they stand as roots.`,
		Example: `  causalgrad infer sequences.csv --q 0.05
  causalgrad infer tokens.csv.gz --one-based --index
  causalgrad infer --simulate 10000 --graph parents:-1,0,0,1
  causalgrad infer --simulate 100,1000,10000 --forests 10 --length 10`,
		Args: atMost(1),
		RunE: func(cmd *cobra.Command, names []string) error {
			if err := o.check(); err != nil {
				return err
			}
			if l := q.options.Level; !(l > 0 && l < 0.5) {
				return fmt.Errorf("--q %v, want a rate above 0 and below 0.5", l)
			}
			if err := q.readOptions(cmd); err != nil {
				return err
			}
			q.options.Weight = infer.Weight(q.weight)
			if q.forests != 0 {
				return q.recovery(cmd, &o, names)
			}
			return q.single(cmd, &o, names)
		},
	}
	q.problem.flags(cmd)
	o.figureFlags(cmd)
	o.flags(cmd, "inferred", "recovery")
	f := cmd.Flags()
	f.StringVar(&q.weight, "weight", string(infer.Plain), "weight of the first-step estimator: plain or gradient (the paper's)")
	f.BoolVar(&q.options.Shared, "shared-chain", false, "all sequences come from one chain; every column is a position")
	f.Float64Var(&q.options.Level, "q", 0.05, "false-discovery rate of the edges")
	f.Float64Var(&q.options.Confidence, "confidence", 0.95, "confidence of the intervals")
	f.Float64Var(&q.options.Eps, "eps", 0, "regulariser in the paper's weight")
	for i, c := range []struct{ name, usage string }{{"header", "the file's first line is a header: yes, no or auto"},
		{"index", "the file's first column numbers or names the sequences: yes, no or auto"}, {"one-based", "the file's tokens count from 1: yes, no or auto"}} {
		f.StringVar(&q.choices[i], c.name, string(infer.Auto), c.usage)
		f.Lookup(c.name).NoOptDefVal = string(infer.Yes)
	}
	f.BoolVar(&q.read.Renumber, "renumber", false, "tokens become 0, 1, ... in the order of the file's numbers, and only those that occur count")
	f.StringVar(&q.between, "separator", string(userfile.Auto), "what stands between the tokens of a line: "+userfile.Separators)
	f.IntSliceVar(&q.simulate, "simulate", nil, "numbers of sequences to draw instead of reading a file")
	f.IntVar(&q.forests, "forests", 0, "with --simulate: count over this many random forests")
	f.StringVar(&q.save, "save", "", "with --simulate: save the sequences to this CSV file")
	return cmd
}

// refuseIgnored refuses what a file, a simulation, many of them or the estimator
// has no use for.
func (q *inference) refuseIgnored(cmd *cobra.Command) error {
	var err error
	refuse := func(when string, names ...string) {
		if err == nil {
			err = refuseIgnored(cmd, when, names...)
		}
	}
	if len(q.simulate) == 0 {
		refuse("--simulate N", "graph", "order", "length", "prior", "chain", "normalise", "seed", "forests", "save")
	} else {
		refuse("a FILE", "header", "index", "one-based", "renumber", "separator")
	}
	if q.forests != 0 {
		refuse("a single forest, without --forests", "graph", "order", "save", "confidence", "figures", "figure-width")
	}
	if q.options.Shared {
		refuse("a chain for every sequence, without --shared-chain", "weight", "eps")
	} else if q.weight != string(infer.Gradient) {
		refuse("--weight gradient", "eps")
	}
	return err
}

// readOptions are the flags that say what a file means.
func (q *inference) readOptions(cmd *cobra.Command) error {
	if err := q.refuseIgnored(cmd); err != nil {
		return err
	}
	var err error
	q.read.Tokens, q.read.Header, q.read.Index, q.read.OneBased = q.tokens, infer.Choice(q.choices[0]), infer.Choice(q.choices[1]), infer.Choice(q.choices[2])
	q.read.Separator, err = userfile.ParseSeparator(q.between)
	return err
}

// single infers one forest from a file or from one simulation.
func (q *inference) single(cmd *cobra.Command, o *output, names []string) error {
	if (len(names) == 1) == (len(q.simulate) > 0) {
		return errors.New("infer: want either a file or --simulate N")
	}
	var d evidence.Inferred
	var err error
	if len(names) == 1 {
		var s infer.Sequences
		var notes []string
		if err := planSequences(names[0]); err != nil {
			return err
		}
		if s, notes, err = infer.Read(names[0], q.read); err != nil {
			return err
		}
		note(cmd, notes...)
		if d, err = evidence.Infer(s, q.options); err != nil {
			return err
		}
	} else if d, err = q.simulated(cmd); err != nil {
		return err
	}
	o.closing = d.Forest()
	return o.write(cmd, inferDocument{inferSchema, d.Forest(), d}, d.Table(q.options.Confidence))
}

// simulated draws sequences, infers their forest and sets the truth beside it.
func (q *inference) simulated(cmd *cobra.Command) (evidence.Inferred, error) {
	if len(q.simulate) != 1 {
		return evidence.Inferred{}, fmt.Errorf("--simulate %v: several numbers need --forests M", q.simulate)
	}
	f, err := q.parseForest(cmd)
	if err != nil {
		return evidence.Inferred{}, err
	}
	prior, err := q.parsePrior(cmd)
	if err != nil {
		return evidence.Inferred{}, err
	}
	s, err := evidence.Simulate(f, prior, q.simulate[0], q.options.Shared, q.seed, 0)
	if err != nil {
		return evidence.Inferred{}, fmt.Errorf("--simulate: %w", err)
	}
	if q.save != "" {
		if err := durable.WriteFile(q.save, csvOf(s)); err != nil {
			return evidence.Inferred{}, err
		}
	}
	d, err := evidence.Infer(s, q.options)
	if err != nil {
		return evidence.Inferred{}, err
	}
	for n := range d.Rows {
		truth := f.Parent(d.Rows[n].Child)
		d.Rows[n].Truth = &truth
	}
	return d, nil
}

func csvOf(s infer.Sequences) []byte {
	var text strings.Builder
	for n := range s.N {
		for column, token := range s.Row(n) {
			if column > 0 {
				text.WriteByte(',')
			}
			text.WriteString(strconv.Itoa(int(token)))
		}
		text.WriteByte('\n')
	}
	return []byte(text.String())
}

// recovery counts over random forests.
func (q *inference) recovery(cmd *cobra.Command, o *output, names []string) error {
	if len(names) > 0 || len(q.simulate) == 0 {
		return errors.New("infer: --forests needs --simulate N, and no file")
	}
	if q.forests < 1 || q.forests > 10000 {
		return fmt.Errorf("--forests %d, want 1 to 10000", q.forests)
	}
	if q.length == 0 {
		q.length = defaultLength
	}
	prior, err := q.parsePrior(cmd)
	if err != nil {
		return err
	}
	options := evidence.RecoveryOptions{Sequences: q.simulate, Forests: q.forests, Length: q.length, Tokens: prior.Tokens(),
		Prior: prior.String(), Seed: q.seed, Infer: q.options}
	points, err := evidence.Recovery(options)
	if err != nil {
		return fmt.Errorf("--simulate: %w", err)
	}
	return o.write(cmd, recoveryDocument{recoverySchema, options, points}, evidence.RecoveryTable(options, points))
}
