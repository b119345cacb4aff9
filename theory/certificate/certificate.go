// Package certificate writes down what was proved about regions of chains
// (package certify searches for the proofs) and checks what is written.
//
// A certificate is a file of JSON lines, one entry a line: first the header,
// with the forest; then for every question the question, its decided cells and
// the shares of all chains that they make up. A cell is a product of sets of
// rows, an interval (S = 2) or a triangle (S = 3) each, whose corners are
// integers over the header's denominator. All numbers in it are exact.
//
// Check uses exact rational arithmetic alone. It shares the definition of the
// margin with the search (theory/README.md, sections 3 and 11), and no bound:
// where the search encloses tangents and corners by intervals, Check expands a
// polynomial and looks at the signs of its coefficients. It knows no package
// that searches.
package certificate

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"

	"causalgrad/theory/graph"
	"causalgrad/theory/verdict"
)

// Schema names the format and its version.
const Schema = "causalgrad/certificate/1"

// BoundDenominator is 1 in the integers that bounds are written in.
const BoundDenominator = 1 << 40

// Header is the first entry.
type Header struct {
	Schema           string `json:"schema"`
	Graph            string `json:"graph"`             // the forest, "parents:..."
	Denominator      int64  `json:"denominator"`       // probability 1 in the integers of corners
	BoundDenominator int64  `json:"bound_denominator"` // 1 in the integers of bounds
}

// Question is what the cells behind it answer: for which chains of so many
// tokens, 2 or 3, is the parent's signal larger than that of every earlier
// position (and of the child itself), for the chain or in the mean over its
// orbit, all P_sigma^T pi P_tau?
type Question struct {
	Tokens int  `json:"tokens"`
	Orbit  bool `json:"orbit"`
	Self   bool `json:"self"`
}

// String is the question in a few words.
func (q Question) String() string {
	return fmt.Sprintf("S = %d, %s, %s", q.Tokens, q.Signal(), q.Competitors())
}

// Signal says whose signal it is about.
func (q Question) Signal() string {
	if q.Orbit {
		return "orbit mean"
	}
	return "one chain"
}

// Competitors says which positions k compete with the parent of i.
func (q Question) Competitors() string {
	if q.Self {
		return "k <= i"
	}
	return "k < i"
}

// numbered tells whether the bounds of cells are numbers. For three tokens the
// search proves a number against the child itself alone.
func (q Question) numbered() bool { return q.Tokens == 2 || q.Self && !q.Orbit }

// Cell is a decided set of chains. Holds says that the margin, the parent's
// signal minus the largest competing one, is positive at every irreducible chain
// of it, and (S = 3: against the child itself) at least Bound; Fails that it is
// at most Bound, which is not positive.
type Cell struct {
	Rows    [][][]int64     `json:"rows"` // [row][corner][token], over the denominator
	Verdict verdict.Verdict `json:"verdict"`
	Bound   int64           `json:"bound"` // over the bound's denominator; 0 where no number is claimed
}

// Shares closes a question: the shares of the volume of all chains that hold and
// that fail, dyadic numbers. For S = 3 a cell stands for its images under the
// renamings of the tokens too.
type Shares struct {
	Certified float64 `json:"certified"`
	Refuted   float64 `json:"refuted"`
}

// entry is a line of the file: one of its fields.
type entry struct {
	Certificate *Header   `json:"certificate,omitempty"`
	Question    *Question `json:"question,omitempty"`
	Cell        *Cell     `json:"cell,omitempty"`
	Shares      *Shares   `json:"shares,omitempty"`
}

// Writer writes a certificate. After an error it writes nothing more.
type Writer struct {
	to      *bufio.Writer
	encoder *json.Encoder
	err     error
}

// NewWriter starts a certificate of a forest whose corners are integers over
// denominator.
func NewWriter(w io.Writer, f graph.Forest, denominator int64) *Writer {
	to := bufio.NewWriter(w)
	c := &Writer{to: to, encoder: json.NewEncoder(to)}
	c.write(entry{Certificate: &Header{Schema, f.String(), denominator, BoundDenominator}})
	return c
}

// Question starts the cells of a question.
func (w *Writer) Question(q Question) { w.write(entry{Question: &q}) }

// Cell writes a decided cell. Of a proved bound it claims half, rounded away
// from the proof (none where the margin is refuted), so that a check by other
// bounds has room.
func (w *Writer) Cell(rows [][][]int, v verdict.Verdict, bound float64) {
	c := Cell{Rows: make([][][]int64, len(rows)), Verdict: v}
	for a := range rows {
		for _, corner := range rows[a] {
			var exact []int64
			for _, x := range corner {
				exact = append(exact, int64(x))
			}
			c.Rows[a] = append(c.Rows[a], exact)
		}
	}
	if v == verdict.Holds {
		c.Bound = int64(math.Floor(bound / 2 * BoundDenominator))
	}
	w.write(entry{Cell: &c})
}

// Shares ends the cells of a question.
func (w *Writer) Shares(s Shares) { w.write(entry{Shares: &s}) }

// Close flushes what is written and returns the first error.
func (w *Writer) Close() error {
	if w.err == nil {
		w.err = w.to.Flush()
	}
	return w.err
}

func (w *Writer) write(e entry) {
	if w.err == nil {
		w.err = w.encoder.Encode(e)
	}
}
