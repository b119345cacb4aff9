package main

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"causalgrad/impl/durable"
	"causalgrad/impl/experiment"
	"causalgrad/impl/memory"
	"causalgrad/impl/model"
	"causalgrad/impl/weights"
	"causalgrad/reports/evidence"
	"causalgrad/reports/figure"
	"causalgrad/reports/table"

	"github.com/spf13/cobra"
)

// bytesOfWeights is what a byte of a file of weights takes: itself, and as many
// as four where a half becomes a float64, in a tensor and among the parameters.
const bytesOfWeights = 9

// weightFiles are where a training starts and what it leaves.
type weightFiles struct {
	in, out string
	layout  string
	read    weights.ReadOptions
}

// readFlags are which tensors of a file are the model's.
func readFlags(cmd *cobra.Command, o *weights.ReadOptions) {
	cmd.Flags().StringVar(&o.Prefix, "prefix", "", "the model's tensors are those whose names begin so, such as model.")
	cmd.Flags().StringArrayVar(&o.Ignore, "ignore", nil, "leave out this tensor of the file of weights (repeat the flag)")
}

func (w *weightFiles) flags(cmd *cobra.Command) {
	readFlags(cmd, &w.read)
	cmd.Flags().StringVar(&w.layout, "weights-layout", string(weights.Named), "layout of --weights-out: named, or official (each layer's heads in one array A0, A1, ...)")
	cmd.Flags().StringVar(&w.in, "weights-in", "", "start from the parameters of this file ("+weights.Formats+")")
	cmd.Flags().StringVar(&w.out, "weights-out", "", "save the trained parameters to this file (.npz or .safetensors)")
}

// initial refuses how to draw parameters that a file gives.
func (w *weightFiles) initial(cmd *cobra.Command) error {
	if w.in == "" {
		return nil
	}
	return refuseIgnored(cmd, "parameters that are drawn, without --weights-in", "init-scale")
}

// load reads the initial parameters, if any, for the spec's model, and checks
// the name of the output before a long training.
func (w *weightFiles) load(cmd *cobra.Command, s *experiment.Spec) ([]float64, error) {
	for _, f := range []struct{ flag, needs, given string }{{"weights-layout", "weights-out", w.out}, {"prefix", "weights-in", w.in}, {"ignore", "weights-in", w.in}} {
		if f.given != "" {
			continue
		}
		if err := refuseIgnored(cmd, "--"+f.needs+" FILE", f.flag); err != nil {
			return nil, err
		}
	}
	if w.out != "" {
		if err := weights.CheckName(w.out, weights.Layout(w.layout)); err != nil {
			return nil, err
		}
		if err := durable.Check(w.out); err != nil {
			return nil, err
		}
	}
	if w.in == "" {
		return nil, nil
	}
	if err := planFile(w.in, bytesOfWeights); err != nil {
		return nil, err
	}
	tensors, notes, err := weights.Read(w.in, w.read)
	if err != nil {
		return nil, err
	}
	note(cmd, notes...)
	m, err := s.NewModel()
	if err != nil {
		return nil, err
	}
	params, err := weights.Flatten(m, tensors)
	if err != nil {
		return nil, fmt.Errorf("file %s: %w", w.in, err)
	}
	s.InitialWeights = experiment.HashParams(params)
	return params, nil
}

func (w *weightFiles) save(s experiment.Spec, params []float64) error {
	if w.out == "" {
		return nil
	}
	m, err := s.NewModel()
	if err != nil {
		return err
	}
	return weights.Write(w.out, m, params, weights.Layout(w.layout))
}

// weightsSchema names the JSON document of verify --weights and its version.
const weightsSchema = "causalgrad/verify-weights/1"

// weightsDocument is the JSON answer of verify --weights.
type weightsDocument struct {
	Schema string `json:"schema"`
	File   string `json:"file"`
	Model  string `json:"model"`
	Heads  []int  `json:"heads,omitempty"`
	experiment.Measured
	Transfer evidence.Transfer `json:"transfer"`

	record experiment.Record
	params []float64
}

// Figures are those of the weights on their task.
func (d weightsDocument) Figures() ([]figure.Figure, error) { return modelFigures(d.record, d.params) }

// Answer says whether the weights know the graph.
func (d weightsDocument) Answer() string { return evidence.Learned(d.Edges, d.Final) }

// weightsCheck is what verify --weights is asked.
type weightsCheck struct {
	problem
	file      string
	read      weights.ReadOptions
	eps       float64
	sequences int
	shifted   []string
}

func (w *weightsCheck) flags(cmd *cobra.Command) {
	w.problem.flags(cmd)
	f := cmd.Flags()
	f.StringVar(&w.file, "weights", "", "measure the weights of this file ("+weights.Formats+") on --graph and --prior")
	readFlags(cmd, &w.read)
	f.Float64Var(&w.eps, "eps", experiment.Default().Eps, "reduced model: inside the loss's logarithm")
	f.IntVar(&w.sequences, "test-sequences", experiment.Default().TestSequences, "fresh sequences behind the losses")
	f.StringArrayVar(&w.shifted, "shifted", experiment.Default().Shifted, "priors of the out-of-distribution tests (repeat the flag)")
}

// spec is the measurement that the flags and the file ask for.
func (w *weightsCheck) spec(cmd *cobra.Command, m model.Model) (experiment.Spec, error) {
	if w.length == 0 {
		w.length = m.SequenceLength()
	}
	if w.tokens == 0 {
		w.tokens = m.Tokens()
	}
	if m.Name() != "reduced" {
		if err := refuseIgnored(cmd, "weights of a reduced model", "eps"); err != nil {
			return experiment.Spec{}, err
		}
	}
	s := experiment.Default()
	if err := w.complete(cmd, &s); err != nil {
		return s, err
	}
	if s.Tokens != m.Tokens() || s.Length != m.SequenceLength() {
		return s, fmt.Errorf("file %s: weights of %d tokens and length %d, but the graph and the prior have %d and %d",
			w.file, m.Tokens(), m.SequenceLength(), s.Tokens, s.Length)
	}
	s.ID, s.Model, s.Eps, s.TestSequences, s.Shifted = weightsID(w.file), m.Name(), w.eps, w.sequences, w.shifted
	switch m := m.(type) {
	case *model.Disentangled:
		s.Heads = m.Heads()
	case *model.Transformer:
		s.Heads = make([]int, m.Layers())
		for l := range s.Heads {
			s.Heads[l] = 1
		}
	}
	return s, nil
}

var notInID = regexp.MustCompile(`[^a-zA-Z0-9._-]+`)

// weightsID is the file's name as an id of a spec and of a figure.
func weightsID(file string) string {
	base := filepath.Base(file)
	id := notInID.ReplaceAllString(strings.ToLower(strings.TrimSuffix(base, filepath.Ext(base))), "-")
	return "w-" + id[:min(len(id), 60)]
}

// run measures, draws and prints.
func (w *weightsCheck) run(cmd *cobra.Command, o *output) error {
	if err := planFile(w.file, bytesOfWeights); err != nil {
		return err
	}
	m, params, notes, err := weights.Load(w.file, w.eps, w.read)
	if err == nil { // to measure takes 20 copies of the parameters, measured
		err = memory.Plan(10<<20+24*8*float64(len(params)), "a smaller model")
	}
	if err != nil {
		return err
	}
	note(cmd, notes...)
	s, err := w.spec(cmd, m)
	if err != nil {
		return err
	}
	record, err := experiment.Measure(cmd.Context(), s, params, experiment.Options{})
	if err != nil {
		return err
	}
	d := weightsDocument{Schema: weightsSchema, File: w.file, Model: m.Name(), Heads: s.Heads, Measured: record.Measured(), record: record, params: params}
	if m.Name() == "reduced" {
		d.Heads = nil
	}
	if d.Transfer, err = evidence.TransferOf(s, params); err != nil {
		return fmt.Errorf("file %s: %w", w.file, err)
	}
	counted, err := evidence.WithExactCounts([]experiment.Record{record})
	if err != nil {
		return fmt.Errorf("file %s: %w", w.file, err)
	}
	tables := []table.Table{evidence.WeightLosses(counted[0]), evidence.WeightEdges(record)}
	for _, shifted := range evidence.ShiftedTables(counted) {
		if len(shifted.Rows) > 0 {
			tables = append(tables, shifted)
		}
	}
	tables = append(tables, evidence.TransferTables([]evidence.Transfer{d.Transfer})...)
	return o.write(cmd, d, tables...)
}
