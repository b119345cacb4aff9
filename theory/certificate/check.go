package certificate

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"causalgrad/theory/graph"
	"causalgrad/theory/verdict"
)

// Checked is a question all of whose cells were confirmed.
type Checked struct {
	Question
	Shares
	Holds  int `json:"holds"`  // cells
	Fails  int `json:"fails"`  // cells
	Pieces int `json:"pieces"` // sets of chains over which a sign was read off, at least one a cell
}

// ErrFalse is what is said of a well-formed certificate that claims something
// false or something that could not be confirmed.
var ErrFalse = errors.New("the certificate is not confirmed")

// Certificate is what Check found: a forest and the questions about it.
type Certificate struct {
	Forest    graph.Forest
	Questions []Checked
}

// Check reads a certificate and proves everything that it claims, on all
// processors. The first false cell of the first question with one is named in an
// error that wraps ErrFalse; any other error is about the form of the file.
// Whenever some cells are confirmed, progress (may be nil) is told how many of
// how many of the question.
func Check(r io.Reader, progress func(done, all int)) (Certificate, error) {
	if progress == nil {
		progress = func(int, int) {}
	}
	in := &reader{lines: bufio.NewReaderSize(r, 1<<16)}
	header, f, err := in.header()
	if err != nil {
		return Certificate{}, err
	}
	c := Certificate{Forest: f}
	for {
		q, err := in.question(header, f)
		if err == io.EOF {
			break
		}
		if err != nil {
			return Certificate{}, err
		}
		checked, err := q.check(progress)
		if err != nil {
			return Certificate{}, fmt.Errorf("%w: %s: %w", ErrFalse, q.Question, err)
		}
		c.Questions = append(c.Questions, checked)
	}
	if len(c.Questions) == 0 {
		return Certificate{}, errors.New("no question, want at least one: nothing was checked")
	}
	return c, nil
}

// asked is a question as read.
type asked struct {
	Question
	forest      graph.Forest
	denominator int64
	cells       []Cell
	lines       []int // of the cells in the file
	shares      Shares
}

// reader reads entries and counts lines.
type reader struct {
	lines *bufio.Reader
	line  int
}

func (r *reader) next() (entry, error) {
	text, err := r.lines.ReadBytes('\n')
	if len(text) == 0 && err == io.EOF {
		return entry{}, io.EOF
	}
	if err != nil && err != io.EOF {
		return entry{}, err
	}
	r.line++
	var e entry
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&e); err != nil {
		return entry{}, r.wrong("not an entry of a certificate: %v", err)
	}
	return e, nil
}

func (r *reader) wrong(format string, values ...any) error {
	return fmt.Errorf("line %d: "+format, append([]any{r.line}, values...)...)
}

// Limits of what is read: squares of coordinates fit an int64.
const mostDenominator = 1 << 24

func (r *reader) header() (Header, graph.Forest, error) {
	e, err := r.next()
	if err != nil || e.Certificate == nil {
		r.line = max(r.line, 1)
		if err == nil || err == io.EOF {
			err = r.wrong(`want {"certificate": {"schema": "%s", ...}}`, Schema)
		}
		return Header{}, graph.Forest{}, err
	}
	h := *e.Certificate
	if h.Schema != Schema {
		return h, graph.Forest{}, r.wrong("schema = %q, want %q", h.Schema, Schema)
	}
	if h.Denominator < 2 || h.Denominator > mostDenominator || h.Denominator&(h.Denominator-1) != 0 {
		return h, graph.Forest{}, r.wrong("denominator = %d, want a power of two from 2 to %d", h.Denominator, mostDenominator)
	}
	if h.BoundDenominator != BoundDenominator {
		return h, graph.Forest{}, r.wrong("bound_denominator = %d, want %d", h.BoundDenominator, int64(BoundDenominator))
	}
	if !strings.HasPrefix(h.Graph, "parents:") {
		return h, graph.Forest{}, r.wrong("graph = %q, want a forest as parents:...", h.Graph)
	}
	g, err := graph.Parse(h.Graph, 0, 0)
	if err != nil {
		return h, graph.Forest{}, r.wrong("graph: %v", err)
	}
	return h, g.(graph.Forest), nil // parents: gives forests alone
}

// question reads a question up to its shares; io.EOF says that there is none.
func (r *reader) question(h Header, f graph.Forest) (asked, error) {
	e, err := r.next()
	if err != nil {
		return asked{}, err
	}
	if e.Question == nil {
		return asked{}, r.wrong("want a question")
	}
	q := asked{Question: *e.Question, forest: f, denominator: h.Denominator}
	if q.Tokens != 2 && q.Tokens != 3 {
		return q, r.wrong("tokens = %d, want 2 or 3", q.Tokens)
	}
	if len(margins(f, q.Question)) == 0 {
		return q, r.wrong("nothing competes with a parent in %s", f)
	}
	for {
		e, err := r.next()
		switch {
		case err == io.EOF:
			return q, r.wrong("the file ends inside a question, want its shares")
		case err != nil:
			return q, err
		case e.Shares != nil:
			q.shares = *e.Shares
			return q, nil
		case e.Cell == nil:
			return q, r.wrong("want a cell or the question's shares")
		}
		if err := e.Cell.validate(q.Question, h.Denominator); err != nil {
			return q, r.wrong("cell: %v", err)
		}
		q.cells, q.lines = append(q.cells, *e.Cell), append(q.lines, r.line)
	}
}

func (c *Cell) validate(q Question, denominator int64) error {
	if len(c.Rows) != q.Tokens {
		return fmt.Errorf("%d rows, want %d", len(c.Rows), q.Tokens)
	}
	for _, corners := range c.Rows {
		if len(corners) != q.Tokens {
			return fmt.Errorf("%d corners of a row, want %d", len(corners), q.Tokens)
		}
		for _, row := range corners {
			sum := int64(0)
			for _, x := range row {
				if x < 0 || x > denominator {
					return fmt.Errorf("entry %d, want 0 to %d", x, denominator)
				}
				sum += x
			}
			if len(row) != q.Tokens || sum != denominator {
				return fmt.Errorf("corner %v, want %d entries with sum %d", row, q.Tokens, denominator)
			}
		}
	}
	switch {
	case c.Verdict == verdict.Holds && (c.Bound > 0) == q.numbered() && c.Bound >= 0:
	case c.Verdict == verdict.Fails && q.Self && !q.Orbit && c.Bound <= 0:
	default:
		return fmt.Errorf("verdict %q with bound %d, want holds with a positive bound (0 where no number is claimed), "+
			"or fails with one that is not, where the child itself competes", c.Verdict, c.Bound)
	}
	return nil
}

// check proves the claims of one question.
func (q *asked) check(progress func(done, all int)) (Checked, error) {
	c := Checked{Question: q.Question, Shares: q.shares}
	if err := q.checkShares(); err != nil {
		return c, err
	}
	earlier, exponents := false, margins(q.forest, q.Question)
	for _, e := range q.forest.Edges() {
		earlier = earlier || e.Child > 1
	}
	prove := func(i int) (int, error) {
		if q.Tokens == 2 {
			return 1, checkTwo(&q.cells[i], q.denominator, exponents)
		}
		return checkThree(&q.cells[i], q.Question, q.denominator, earlier)
	}
	if i, pieces, err := all(len(q.cells), prove, progress); err != nil {
		return c, fmt.Errorf("line %d, cell %v over %d: %s with bound %d/%d: %w", q.lines[i], q.cells[i].Rows, q.denominator,
			q.cells[i].Verdict, q.cells[i].Bound, int64(BoundDenominator), err)
	} else {
		c.Pieces = pieces
	}
	for i := range q.cells {
		if q.cells[i].Verdict == verdict.Holds {
			c.Holds++
		} else {
			c.Fails++
		}
	}
	return c, nil
}

// all proves n things and returns how many pieces that took, or the first that
// is wrong.
func all(n int, prove func(int) (int, error), progress func(done, all int)) (first, pieces int, err error) {
	var next, done, took atomic.Int64
	var mutex sync.Mutex
	first = n
	var group sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				mutex.Lock()
				stop := i >= first
				mutex.Unlock()
				if stop {
					return
				}
				k, wrong := prove(i)
				took.Add(int64(k))
				mutex.Lock()
				if wrong != nil && i < first {
					first, err = i, wrong
				}
				progress(int(done.Add(1)), n)
				mutex.Unlock()
			}
		})
	}
	group.Wait()
	return first, int(took.Load()), err
}

// checkThree proves what a cell of S = 3 says.
func checkThree(cell *Cell, q Question, denominator int64, earlier bool) (pieces int, err error) {
	var corners rows
	for a := range 3 {
		for v := range 3 {
			copy(corners[a][v][:], cell.Rows[a][v])
		}
	}
	if cell.Verdict == verdict.Holds && earlier && !connected(&corners) {
		return 1, errors.New("two rows share no token with the third at some chain, so that an earlier position may tie with the parent")
	}
	if !q.numbered() || cell.Verdict == verdict.Holds && earlier {
		// The mean over an orbit: every member's margin against an earlier position is
		// at least 0 and the chain's own positive; the child itself has mean signal
		// E tr pi - 1 = 0, and the parent's, its information about the child, is positive
		// where rows differ.
		if commonRow(&corners) {
			return 1, errors.New("a chain of it has three equal rows and margin 0")
		}
	}
	if !q.numbered() {
		return 1, nil
	}
	return checkSelf(corners, denominator, claim{cell.Verdict, cell.Bound})
}

// checkShares proves that the cells are different pieces of all chains, and that
// the shares are theirs.
func (q *asked) checkShares() error {
	boxes, images := starts(q.Tokens, q.denominator)
	cells, indices := make([]box, len(q.cells)), make([][]int, len(boxes))
	shares := map[verdict.Verdict]*big.Int{verdict.Holds: new(big.Int), verdict.Fails: new(big.Int)}
	for i := range q.cells {
		cells[i] = q.cells[i].Rows
		inside := -1
		for j := range boxes {
			if boxes[j].contains(cells[i]) {
				inside = j
			}
		}
		if inside < 0 {
			return fmt.Errorf("line %d: cell %v lies in none of the sets of chains to be divided", q.lines[i], q.cells[i].Rows)
		}
		indices[inside] = append(indices[inside], i)
		volume := cells[i].volume()
		if volume.Sign() == 0 {
			return fmt.Errorf("line %d: cell %v is flat, without chains inside", q.lines[i], q.cells[i].Rows)
		}
		shares[q.cells[i].Verdict].Add(shares[q.cells[i].Verdict], volume.Mul(volume, big.NewInt(images[inside])))
	}
	for j := range boxes {
		if i, err := pieces(boxes[j], cells, indices[j]); err != nil {
			return fmt.Errorf("line %d: cell %v %w", q.lines[i], q.cells[i].Rows, err)
		}
	}
	whole := new(big.Int).Exp(big.NewInt(q.denominator), big.NewInt(int64(q.Tokens*(q.Tokens-1))), nil)
	for v, claimed := range map[verdict.Verdict]float64{verdict.Holds: q.shares.Certified, verdict.Fails: q.shares.Refuted} {
		share, exact := new(big.Rat).SetFrac(shares[v], whole), new(big.Rat)
		if exact.SetFloat64(claimed) == nil || exact.Cmp(share) != 0 {
			return fmt.Errorf("the cells that say %q make up %s of all chains, not %v", v, decimal(share), claimed)
		}
	}
	return nil
}
