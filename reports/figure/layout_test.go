package figure

import (
	"bytes"
	"image/png"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestForPaper: as wide as asked for, without a title, labels of 8 points, and the
// figure on the page is what it was before.
func TestForPaper(t *testing.T) {
	size := regexp.MustCompile(`font-size:([0-9.]+)px`)
	for _, f := range every(t) {
		before, err := f.SVG()
		require.NoError(t, err)
		for _, inches := range []float64{Column, 6.75} {
			p, err := f.ForPaper(inches)
			require.NoError(t, err)
			width, _ := p.Size()
			require.InDelta(t, 72*inches, width, 1, "%s: rounded up to whole points", f.ID)
			data, err := p.SVG()
			require.NoError(t, err)
			texts := parse(t, data).texts
			require.NotContains(t, texts, f.Title)
			for _, m := range size.FindAllSubmatch(data, -1) {
				require.Contains(t, []string{"7", "8"}, string(m[1]), f.ID)
			}
		}
		after, err := f.SVG()
		require.NoError(t, err)
		require.Equal(t, string(before), string(after), f.ID)
	}
	f := every(t)[0]
	for _, inches := range []float64{0, 1.9, 21, nan} {
		_, err := f.ForPaper(inches)
		require.ErrorContains(t, err, "inches wide, want 2 to 20")
	}
	_, err := Figure{}.ForPaper(Column)
	require.Error(t, err)
}

// TestNamesInAColumnAreAllThere: names of priors move to lines of their own, and no ink
// comes near the rim.
func TestNamesInAColumnAreAllThere(t *testing.T) {
	f, err := Shifted("shifted", "Shifted", record(1))
	require.NoError(t, err)
	f, err = f.ForPaper(Column)
	require.NoError(t, err)
	svg, err := f.SVG()
	require.NoError(t, err)
	for _, l := range record(1).Shifted {
		require.Contains(t, parse(t, svg).texts, l.Prior)
	}
	data, err := f.PNG()
	require.NoError(t, err)
	picture, err := png.Decode(bytes.NewReader(data))
	require.NoError(t, err)
	size := picture.Bounds().Size()
	for y := range size.Y {
		require.True(t, white(picture.At(0, y)) && white(picture.At(size.X-1, y)), y)
	}
}

// TestPDF: a page of the figure's size, letters as outlines, one date for all time, and
// a letter that the font lacks is an error.
func TestPDF(t *testing.T) {
	f, err := Rate("rate", "Rate", ladder(), nil, "no single power: ± and ≤ are drawn")
	require.NoError(t, err)
	data, err := f.PDF()
	require.NoError(t, err)
	require.True(t, bytes.HasPrefix(data, []byte("%PDF-1.")))
	width, height := f.Size()
	box := regexp.MustCompile(`/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]`).FindSubmatch(data)
	require.NotNil(t, box)
	require.Equal(t, []float64{width, height}, []float64{number(t, box[1]), number(t, box[2])})
	require.NotContains(t, string(data), "/Type /Font")
	for _, date := range regexp.MustCompile(`Date \(D:(\d+)`).FindAllSubmatch(data, -1) {
		require.Equal(t, "19700101000000", string(date[1]))
	}
	again, err := f.PDF()
	require.NoError(t, err)
	require.True(t, bytes.Equal(data, again))
	f, err = Rate("rate", "Rate \U00010fff", ladder(), nil, "x")
	require.NoError(t, err)
	_, err = f.PDF()
	require.ErrorContains(t, err, "the font has no")
}

func number(t *testing.T, text []byte) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(string(text), 64)
	require.NoError(t, err)
	return v
}
