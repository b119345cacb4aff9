package infer

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/userfile"
)

// takeHeader drops the first line of a text where it is none of the sequences.
func (c *cells) takeHeader(o ReadOptions) error {
	if c.header == nil {
		if o.Header == Yes {
			return fmt.Errorf("--header: an array has none")
		}
		return nil
	}
	if !c.inValues { // one cell shorter than the others
		if o.Header == No {
			return fmt.Errorf("line 1: %d cells, but the lines below have %d", len(c.header), c.columns)
		}
		if o.Header == Auto && !named(c.header) {
			return fmt.Errorf("line 1: %d cells, but the lines below have %d: a header above row names (--header), or a missing token?", len(c.header), c.columns)
		}
		c.note("the first line is a header")
		return nil
	}
	if o.Header == Auto {
		header, err := c.isHeader(o.Tokens)
		if err != nil {
			return err
		}
		if !header {
			return c.strangeLine(o, "a header (--header), or a sequence (--header=no)?")
		}
		c.note("line %d is a header (%s)", c.lines[0], userfile.Printable(strings.Join(c.header, ", ")))
	}
	if o.Header == No {
		if at := slices.Index(c.values[1:c.columns], noNumber); at >= 0 {
			return notToken(int(c.lines[0]), at+1, c.header[at+1])
		}
		return nil
	}
	header := c.values[:c.columns]
	c.values, c.lines, c.n = c.values[c.columns:], c.lines[1:], c.n-1
	c.inValues = false
	for r := range c.n {
		if slices.Equal(header, c.values[r*c.columns:(r+1)*c.columns]) {
			c.note("line %d repeats the header and is read as a sequence", c.lines[r])
			break
		}
	}
	return c.strangeLine(o, "a second header, to be removed, or a sequence (--tokens S)?")
}

// strangeLine refuses a first line with more than one token that occurs nowhere
// below: one alone may be rare. The number of tokens, where it is said, settles it.
func (c *cells) strangeLine(o ReadOptions, question string) error {
	if o.Tokens != 0 || c.n < MinSequences {
		return nil
	}
	if strange := c.onlyInFirst(0); len(strange) > 1 {
		return fmt.Errorf("line %d, columns %d and %d: %d and %d occur nowhere below: %s", c.lines[0], strange[0]+1, strange[1]+1,
			c.values[strange[0]], c.values[strange[1]], question)
	}
	return nil
}

// onlyInFirst lists the columns, from the given one on, whose number in the first
// line occurs in no line below.
func (c *cells) onlyInFirst(from int) []int {
	missing := map[int32]bool{} // only looked up
	for _, v := range c.values[from:c.columns] {
		missing[v] = true
	}
	for r := 1; r < c.n && len(missing) > 0; r++ {
		for _, v := range c.values[r*c.columns+from : (r+1)*c.columns] {
			delete(missing, v)
		}
	}
	var columns []int
	for k, v := range c.values[:c.columns] {
		if missing[v] && v != noNumber && k >= from {
			columns = append(columns, k)
		}
	}
	return columns
}

// named tells whether words name columns: they count them, or one is no number.
func named(words []string) bool {
	return userfile.Counts(words) || slices.ContainsFunc(words, func(w string) bool {
		_, err := strconv.ParseFloat(w, 64)
		return err != nil
	})
}

// isHeader looks at the first line: words are one, and so is a line that counts,
// from any number on, with a number that occurs nowhere below.
func (c *cells) isHeader(tokens int) (bool, error) {
	words := 0
	for _, v := range c.values[:c.columns] {
		if v == noNumber {
			words++
		}
	}
	if words == c.columns || c.corner && named(c.header[1:c.columns]) {
		return true, nil
	}
	if c.corner {
		return false, fmt.Errorf("line %d, column 1 is empty: the corner of a header above row names (--header), or a missing token?", c.lines[0])
	}
	if words > 0 && c.n > 1 && !(words == 1 && c.at(0, 0) == noNumber && c.words > 0) {
		at := slices.Index(c.values[:c.columns], noNumber)
		return false, fmt.Errorf("line %d, column %d: %q among numbers: a header (--header), or a mistake?",
			c.lines[0], at+1, userfile.Printable(c.header[at]))
	}
	if words > 0 || !counting(c.values[:c.columns]) {
		return false, nil
	}
	if tokens != 0 && int(slices.Max(c.values[:c.columns])) >= tokens {
		return true, nil
	}
	from := 0 // the first column that may hold tokens
	if c.words > 0 || c.countsRows(1) {
		from = 1
	}
	if len(c.onlyInFirst(from)) > 0 {
		return c.n > 1, nil
	}
	return false, fmt.Errorf("line %d counts %s: a header (--header), or a sequence (--header=no)?",
		c.lines[0], userfile.Printable(strings.Join(c.header, ", ")))
}

// counting tells whether every number is one more than the one before it.
func counting(values []int32) bool {
	for k, v := range values {
		if v != values[0]+int32(k) {
			return false
		}
	}
	return values[0] >= 0
}

// takeIndex drops a first column that counts the sequences or names them.
func (c *cells) takeIndex(choice Choice) error {
	index := choice == Yes
	if choice == Auto {
		var err error
		if index, err = c.isIndex(); err != nil {
			return err
		}
	}
	if !index {
		for r := range c.n {
			if c.at(r, 0) == noNumber {
				return fmt.Errorf("%s is no integer, want a token; names of sequences: --index", c.place(r, 0))
			}
		}
		return nil
	}
	if c.columns < 2 {
		return fmt.Errorf("--index: there is one column")
	}
	c.keepColumns(1, c.columns)
	c.shift = 1
	if choice == Auto {
		c.note("column 1 counts or names the sequences and is left out")
	}
	return nil
}

func (c *cells) isIndex() (bool, error) {
	if c.n == 0 || c.columns < 2 {
		return false, nil
	}
	first := column(c)
	words := 0
	for _, v := range first {
		if v == noNumber {
			words++
		}
	}
	if c.corner || words == c.n || c.countsRows(0) {
		return true, nil
	}
	return false, nil
}

func column(c *cells) []int32 {
	list := make([]int32, c.n)
	for r := range list {
		list[r] = c.at(r, 0)
	}
	return list
}

// countsRows tells whether the first column is 0, 1, 2, ... or 1, 2, 3, ... from
// the given row on; a few rows may be so by chance.
func (c *cells) countsRows(from int) bool {
	if c.n-from < MinSequences {
		return false
	}
	first := c.at(from, 0)
	if first != 0 && first != 1 {
		return false
	}
	for r := from; r < c.n; r++ {
		if c.at(r, 0) != first+int32(r-from) {
			return false
		}
	}
	return true
}

// tokens makes sequences of the cells that are left.
func (c *cells) tokens(o ReadOptions) (Sequences, error) {
	if c.n < MinSequences {
		return Sequences{}, fmt.Errorf("%d sequences, want at least %d", c.n, MinSequences)
	}
	if err := checkColumns(c.columns); err != nil {
		return Sequences{}, err
	}
	if c.columns > graph.MaxSequenceLength+1 {
		return Sequences{}, checkSize(1, math.MaxInt32)
	}
	if c.decimals {
		c.note("tokens are written with decimals")
	}
	columnOf, err := c.columnOf()
	if err == nil && o.Tokens == 0 {
		err = c.strangeColumn(columnOf, o.Index)
	}
	if err != nil {
		return Sequences{}, err
	}
	occurring := slices.Sorted(maps.Keys(columnOf))
	source := "the largest token plus 1"
	switch lowest := occurring[0]; {
	case o.Renumber:
		c.note("tokens %s become 0, 1, ...", someOf(occurring))
		source = "the number of different tokens"
		c.renumber(occurring)
		for i := range occurring {
			occurring[i] = int32(i)
		}
	case o.OneBased == Yes && lowest == 0:
		return Sequences{}, fmt.Errorf("%s: token 0, but --one-based says that they count from 1", c.find(0))
	case o.OneBased == Auto && lowest == 1:
		return Sequences{}, fmt.Errorf("token 0 never occurs: do tokens count from 1 (--one-based), or is 0 one that did not come up " +
			"(--one-based=no)?")
	case o.OneBased == Yes:
		for i := range c.values {
			c.values[i]--
		}
		for i := range occurring {
			occurring[i]--
		}
	}
	return c.sequences(o, occurring, source)
}

// several stands for the column of a number that more than one has.
const several = -1

// columnOf maps every number that occurs to the column where it does.
func (c *cells) columnOf() (map[int32]int, error) {
	column := map[int32]int{}
	for i, v := range c.values {
		if v == noNumber {
			return nil, fmt.Errorf("%s is empty, want a token", c.place(i/c.columns, i%c.columns))
		}
		if v < 0 {
			return nil, fmt.Errorf("%s: %d, want a token, an integer from 0", c.place(i/c.columns, i%c.columns), v)
		}
		if k, ok := column[v]; !ok {
			column[v] = i % c.columns
		} else if k != several && k != i%c.columns {
			column[v] = several
		}
	}
	return column, nil
}

// strangeColumn refuses a column that has several numbers of its own, in half of
// the lines or more: it numbers or names the sequences. The number of tokens,
// where it is said, settles it.
func (c *cells) strangeColumn(columnOf map[int32]int, index Choice) error {
	own := make([]int, c.columns) // numbers
	for _, k := range columnOf {
		if k != several {
			own[k]++
		}
	}
	for k, numbers := range own {
		if numbers < 3 || k+c.shift == 0 && index == No {
			continue
		}
		lines, example := 0, int32(0)
		for r := range c.n {
			if v := c.at(r, k); columnOf[v] == k {
				lines, example = lines+1, v
			}
		}
		if 2*lines < c.n {
			continue
		}
		question := "does it number the sequences and has to be removed, or is it a token (--tokens S)?"
		if k+c.shift == 0 {
			question = "does it number the sequences (--index), or is it a token (--index=no)?"
		}
		return fmt.Errorf("column %d has %d numbers that no other column has, as %d: %s", k+c.shift+1, numbers, example, question)
	}
	return nil
}

func (c *cells) renumber(occurring []int32) {
	for i, v := range c.values {
		at, _ := slices.BinarySearch(occurring, v)
		c.values[i] = int32(at)
	}
}

// find is the place where a token occurs first.
func (c *cells) find(token int32) string {
	i := slices.Index(c.values, token)
	return c.place(i/c.columns, i%c.columns)
}

func (c *cells) sequences(o ReadOptions, occurring []int32, source string) (Sequences, error) {
	s := Sequences{N: c.n, Columns: c.columns, Tokens: int(occurring[len(occurring)-1]) + 1, Source: source}
	most := markov.MaxTokens
	if o.Tokens != 0 {
		most, s.Source = o.Tokens, "--tokens"
	}
	if s.Tokens > most {
		largest := occurring[len(occurring)-1]
		return Sequences{}, fmt.Errorf("%s: %d, want a token, an integer from 0 to %d; --renumber counts only those that occur",
			c.find(largest), largest, most-1)
	}
	if o.Tokens != 0 {
		s.Tokens = o.Tokens
	}
	if s.Tokens < markov.MinTokens {
		return Sequences{}, fmt.Errorf("all tokens are 0, want at least %d different ones", markov.MinTokens)
	}
	if missing := without(s.Tokens, occurring); len(missing) > 0 {
		if o.Tokens == 0 && !(o.OneBased == No && len(missing) == 1 && missing[0] == 0) {
			return Sequences{}, fmt.Errorf("of the tokens 0 to %d, %s never occur: do they count (--tokens %d), or only those that occur "+
				"(--renumber)?", s.Tokens-1, someOf(missing), s.Tokens)
		}
		c.note("of the tokens 0 to %d, %s never occur", s.Tokens-1, someOf(missing))
	}
	s.Data = make([]uint16, len(c.values))
	for i, v := range c.values {
		s.Data[i] = uint16(v)
	}
	return s, nil
}

// without lists the tokens below n that do not occur.
func without(n int, occurring []int32) []int32 {
	var missing []int32
	for v := range int32(n) {
		if _, ok := slices.BinarySearch(occurring, v); !ok {
			missing = append(missing, v)
		}
	}
	return missing
}

// someOf lists the first few of some numbers.
func someOf(list []int32) string {
	var words []string
	for _, v := range list[:min(len(list), 8)] {
		words = append(words, strconv.Itoa(int(v)))
	}
	if len(list) > 8 {
		words = append(words, fmt.Sprintf("... (%d of them)", len(list)))
	}
	return strings.Join(words, ", ")
}
