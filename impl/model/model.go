// Package model holds the paper's three models (theory/README.md, section 2), each
// with its loss and a gradient written out by hand: the disentangled
// transformer, the transformer with an MLP and the reduced model of the
// theory.
//
// All parameters of a model lie in one flat vector that its Layout names. A
// model never chooses a step and keeps no parameters (training is impl/train's),
// and draws random numbers only to fill the transformer's initial parameters.
package model

import (
	"fmt"

	"causalgrad/impl/task"
)

// Block is one named matrix in the flat parameter vector, row-major.
type Block struct {
	Name       string
	Rows, Cols int
	Offset     int
}

// Size is the number of parameters of the block.
func (b Block) Size() int { return b.Rows * b.Cols }

// Of is the block's part of a flat vector.
func (b Block) Of(flat []float64) []float64 { return flat[b.Offset : b.Offset+b.Size()] }

// Layout names the blocks of the parameter vector, in order, without gaps.
type Layout []Block

// Size is the number of parameters.
func (l Layout) Size() int {
	if len(l) == 0 {
		return 0
	}
	last := l[len(l)-1]
	return last.Offset + last.Size()
}

// Block returns the block of that name.
func (l Layout) Block(name string) (Block, error) {
	for _, b := range l {
		if b.Name == name {
			return b, nil
		}
	}
	return Block{}, fmt.Errorf("block %q: the layout has no such block", name)
}

// add appends a block behind the last one.
func (l Layout) add(name string, rows, cols int) Layout {
	return append(l, Block{Name: name, Rows: rows, Cols: cols, Offset: l.Size()})
}

// Model describes a predictor. It is immutable.
type Model interface {
	// Name is the model's kind: "disentangled", "reduced", "transformer".
	Name() string
	// Tokens is the vocabulary size S.
	Tokens() int
	// SequenceLength is T.
	SequenceLength() int
	// Layout names the parameter blocks.
	Layout() Layout
	// NewPass returns the state that one vector of parameters needs.
	NewPass() Pass
}

// Pass holds what depends on the parameters alone, computed once for all
// sequences, and is shared by its workers.
type Pass interface {
	// Bind makes params current. It must not run beside a worker. The pass
	// keeps the slice: it must not change until the next Bind.
	Bind(params []float64)
	// NewWorker returns a worker with buffers of its own.
	NewWorker() Worker
}

// Worker evaluates the bound parameters on batches; one a goroutine. No method
// allocates.
type Worker interface {
	// Predict writes the predicted rows f, N x S.
	Predict(b *task.Batch, f []float64)
	// LossGradient returns the sum over the batch's sequences of
	// -sum_s y_s log f_s, in nats, and adds its gradient to gradient, which is
	// laid out as the parameters; nil means that only the loss is wanted.
	LossGradient(b *task.Batch, gradient []float64) float64
	// Attention writes the first layer's attention weights, N x heads x T x T,
	// [n][head][query][key], zero above the diagonal.
	Attention(b *task.Batch, weights []float64)
}
