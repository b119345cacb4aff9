package theorylaws

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"causalgrad/props"
	"causalgrad/theory/infer"
	"pgregory.net/rapid"
)

func inferFileLaws() []props.Law {
	return []props.Law{
		{ID: "infer-csv", Source: "theory.md section 1", Needs: inference, Draws: 30, Check: inferCSV,
			Sentence: "Sequences are read from CSV as they were written: with a header, blanks, quotes or carriage returns."},
		{ID: "infer-csv-refusals", Source: "theory.md section 1", Needs: inference, Draws: 40, Check: inferCSVRefusals,
			Sentence: "A cell that is no token is refused with its line and column; a ragged, short or constant file with the reason."},
		{ID: "infer-csv-any-text", Source: "theory.md section 1", Needs: inference, Draws: 30, Check: inferCSVAnyText,
			Sentence: "However a CSV file is damaged, it is refused in one line or read as at least 20 sequences of tokens in range."},
	}
}

func (x sequences) read(csv string, tokens int, header bool) (infer.Sequences, error) {
	return props.Guarded(func() (infer.Sequences, error) { return x.s.(Inferrer).ReadSequences(csv, tokens, header) })
}

func inferCSV(t *rapid.T, s props.Subject) {
	x := drawSequences(t, s)
	cell := rapid.SampledFrom([]string{"%d", " %d", "%d ", "\t%d", `"%d"`, "0%d", "+%d"}).Draw(t, "cell")
	text := x.csv(func(v uint16) string { return fmt.Sprintf(cell, v) }, rapid.SampledFrom([]string{"\n", "\r\n", "\n\n"}).Draw(t, "line end"))
	header := rapid.Bool().Draw(t, "header")
	if header {
		text = "s1" + strings.Repeat(",s", x.Columns-1) + "\n" + text
	}
	tokens := x.Tokens
	if rapid.Bool().Draw(t, "tokens unknown") {
		tokens = 0
		x.Tokens = 1 + int(slices.Max(x.Data))
	}
	c := x.with(x.Data, "as CSV, cells %q, header %v", cell, header).Case
	got := props.Ask(t, c, "sequences", func() (infer.Sequences, error) { return s.(Inferrer).ReadSequences(text, tokens, header) })
	props.Demand(t, c, got.N == x.N && got.Columns == x.Columns && got.Tokens == x.Tokens, "sequences",
		fmt.Sprintf("%d of %d columns, %d tokens", x.N, x.Columns, x.Tokens), fmt.Sprintf("%d of %d columns, %d tokens", got.N, got.Columns, got.Tokens))
	props.Equal(t, c, "tokens", got.Data, x.Data)
}

func inferCSVRefusals(t *rapid.T, s props.Subject) {
	x := drawSequences(t, s)
	lines := strings.Split(strings.TrimSpace(x.csv(func(v uint16) string { return strconv.Itoa(int(v)) }, "\n")), "\n")
	n := rapid.IntRange(0, x.N-1).Draw(t, "line")
	refuse := func(text string, tokens int, header bool, words ...string) {
		_, err := x.read(text, tokens, header)
		props.Refused(t, x.Where("the file %.200q", text), "sequences", err, append(words, "sequences.csv")...)
	}
	words, column := strings.Split(lines[n], ","), rapid.IntRange(0, x.Columns-1).Draw(t, "column")
	words[column] = rapid.SampledFrom([]string{strconv.Itoa(x.Tokens), "x", "1.5", "-1", "", "99999999999999999999", "NaN"}).Draw(t, "word")
	damaged := slices.Clone(lines)
	damaged[n] = strings.Join(words, ",")
	refuse(strings.Join(damaged, "\n"), x.Tokens, false, fmt.Sprintf("line %d, column %d: %q", n+1, column+1, words[column]), fmt.Sprintf("0 to %d", x.Tokens-1))
	switch rapid.SampledFrom([]string{"ragged", "few", "tokens", "constant", "wide", "header", "quote"}).Draw(t, "fault") {
	case "ragged":
		n = max(n, 1) // the first line counts the columns
		lines[n] += ",0"
		refuse(strings.Join(lines, "\n"), 0, false, fmt.Sprintf("line %d", n+1), "same number on every line")
	case "few":
		few := rapid.IntRange(0, 19).Draw(t, "sequences left")
		refuse(strings.Join(lines[:few], "\n"), x.Tokens, false, fmt.Sprintf("%d sequences", few), "20")
	case "tokens":
		tokens := rapid.SampledFrom([]int{-1, 1, 1 << 20}).Draw(t, "bad tokens")
		refuse(strings.Join(lines, "\n"), tokens, false, fmt.Sprintf("tokens = %d", tokens))
	case "constant":
		refuse(strings.Repeat("0,0,0,0\n", x.N), 0, false, "all tokens are 0")
	case "wide":
		refuse(strings.Repeat("0,", 4097)+"0\n", 0, false, "4097 columns")
	case "header":
		refuse("a"+strings.Repeat(",b", x.Columns-1)+"\n"+strings.Join(lines, "\n"), 0, false, `line 1, column 1: "a"`)
	case "quote":
		lines[n] = `"` + lines[n]
		refuse(strings.Join(lines, "\n"), 0, false, fmt.Sprintf("line %d", n+1))
	}
}

func inferCSVAnyText(t *rapid.T, s props.Subject) {
	x := drawSequences(t, s)
	text := []byte(x.csv(func(v uint16) string { return strconv.Itoa(int(v)) }, "\n"))
	for range rapid.IntRange(1, 3).Draw(t, "places") {
		text[rapid.IntRange(0, len(text)-1).Draw(t, "place")] = rapid.SampledFrom([]byte("0123459,\n\r\" -\x00a")).Draw(t, "letter")
	}
	got, err := x.read(string(text), 0, false)
	c := x.Where("damaged: %q", text)
	if err != nil {
		props.Refused(t, c, "sequences", err, "sequences.csv")
		return
	}
	props.Demand(t, c, got.N >= infer.MinSequences && got.N*got.Columns == len(got.Data), "sequences", "at least 20, whole", strconv.Itoa(got.N))
	props.Demand(t, c, int(slices.Max(got.Data)) == got.Tokens-1, "tokens", "the largest token plus 1", strconv.Itoa(got.Tokens))
	if got.Columns >= 4 {
		x.Sequences, x.Case = got, c
		x.firstStep(infer.Plain, 0)
	}
}
