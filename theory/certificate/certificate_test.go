package certificate

import (
	"bytes"
	"errors"
	"math/big"
	"strings"
	"testing"

	"causalgrad/theory/certify"
	"causalgrad/theory/graph"
	"causalgrad/theory/verdict"

	"github.com/stretchr/testify/require"
)

// written is the certificate of a forest's questions after a search of so many
// cells each, and the maps that the search gives.
func written(t testing.TB, f graph.Forest, cells int, questions ...Question) (text string, maps []certify.Map) {
	var file bytes.Buffer
	w := NewWriter(&file, f, certify.Unit)
	for _, q := range questions {
		r := certify.Region{Forest: f, Tokens: q.Tokens, Orbit: q.Orbit, Self: q.Self, MinWidth: 1. / 256, MaxCells: cells}
		w.Question(q)
		m, err := certify.Parts(r, func(p certify.Part) {
			if p.Verdict != verdict.Undecided {
				w.Cell(p.Corners, p.Verdict, p.Bound)
			}
		})
		require.NoError(t, err)
		w.Shares(Shares{m.Certified, m.Refuted})
		maps = append(maps, m)
	}
	require.NoError(t, w.Close())
	return file.String(), maps
}

func every() (all []Question) {
	for _, tokens := range []int{2, 3} {
		for _, orbit := range []bool{false, true} {
			for _, self := range []bool{false, true} {
				all = append(all, Question{tokens, orbit, self})
			}
		}
	}
	return all
}

func forest(t testing.TB, parents ...int) graph.Forest {
	f, err := graph.NewForest(parents)
	require.NoError(t, err)
	return f
}

// What the search proves is confirmed by other means, for every question: the
// verdicts, the bounds, and the shares of the maps.
func TestTheSearchIsConfirmed(t *testing.T) {
	for _, f := range []graph.Forest{forest(t, -1, 0, 1, 2, 3, 4, 5), forest(t, -1, 0, -1, 2), forest(t, -1, 0, 0, 1), forest(t, -1, 0)} {
		questions := every()
		if f.Positions() == 2 { // no earlier position competes
			questions = []Question{{2, false, true}, {2, true, true}, {3, false, true}, {3, true, true}}
		}
		text, maps := written(t, f, 1500, questions...)
		last := 0
		c, err := Check(strings.NewReader(text), func(done, all int) { last = done })
		require.NoError(t, err)
		require.Equal(t, f.String(), c.Forest.String())
		require.Len(t, c.Questions, len(questions))
		for i, q := range c.Questions {
			require.Equal(t, questions[i], q.Question)
			require.Equal(t, Shares{maps[i].Certified, maps[i].Refuted}, q.Shares)
			require.Equal(t, maps[i].Refuted > 0, q.Fails > 0, q.String())
			require.Positive(t, q.Holds, q.String())
			require.GreaterOrEqual(t, q.Pieces, q.Holds+q.Fails)
		}
		require.Equal(t, c.Questions[len(questions)-1].Holds, last, "progress ends with the last cell")
	}
}

// one is a certificate of one question with one cell; its shares are the cell's.
func oneCell(t testing.TB, f graph.Forest, q Question, rows [][][]int64, v verdict.Verdict, bound int64) string {
	boxes, images := starts(q.Tokens, certify.Unit)
	weight := int64(0)
	for i := range boxes {
		if boxes[i].contains(rows) {
			weight = images[i]
		}
	}
	whole := new(big.Int).Exp(big.NewInt(certify.Unit), big.NewInt(int64(q.Tokens*(q.Tokens-1))), nil)
	share, exact := new(big.Rat).SetFrac(new(big.Int).Mul(box(rows).volume(), big.NewInt(weight)), whole).Float64()
	require.True(t, exact)
	shares := Shares{Certified: share}
	if v == verdict.Fails {
		shares = Shares{Refuted: share}
	}
	var file bytes.Buffer
	w := NewWriter(&file, f, certify.Unit)
	w.Question(q)
	w.write(entry{Cell: &Cell{rows, v, bound}})
	w.Shares(shares)
	require.NoError(t, w.Close())
	return file.String()
}

// A cell that a wrong bound certified with 0.00371, though it contains a chain
// with margin -0.0153.
func falseCell() [][][]int64 {
	return [][][]int64{
		{{3072, 18176, 11520}, {2944, 18176, 11648}, {3072, 18048, 11648}},
		{{6784, 8192, 17792}, {6912, 8064, 17792}, {6912, 8192, 17664}},
		{{0, 4096, 28672}, {4096, 4096, 24576}, {0, 8192, 24576}},
	}
}

func TestAFalseCellIsNamed(t *testing.T) {
	q := Question{Tokens: 3, Self: true}
	proved := 0.00371
	bound := int64(proved / 2 * BoundDenominator)
	_, err := Check(strings.NewReader(oneCell(t, forest(t, -1, 0), q, falseCell(), verdict.Holds, bound)), nil)
	require.ErrorIs(t, err, ErrFalse)
	require.ErrorContains(t, err, "line 3, cell [[[3072 18176 11520]")
	require.ErrorContains(t, err, "has margin -0.0")
	require.NotContains(t, err.Error(), "\n")
	// Its margin changes sign, so the contrary is false too.
	_, err = Check(strings.NewReader(oneCell(t, forest(t, -1, 0), q, falseCell(), verdict.Fails, 0)), nil)
	require.ErrorIs(t, err, ErrFalse)
	require.ErrorContains(t, err, "has margin 0.0")
}

// pieceAround is the smallest piece with the given width, in multiples of
// 1/Unit, that contains a chain.
func pieceAround(t testing.TB, width int64, chain ...[]int64) [][][]int64 {
	point := make(box, len(chain))
	for a := range chain {
		for range chain {
			point[a] = append(point[a], chain[a])
		}
	}
	boxes, _ := starts(len(chain), certify.Unit)
	for _, b := range boxes {
		if !b.contains(point) {
			continue
		}
		for a := range b {
			for b[a][0][a]-b[a][1][a] > width || b[a][1][a]-b[a][0][a] > width {
				first, second, ok := halve(b, a)
				require.True(t, ok)
				if b = second; first.contains(point) {
					b = first
				}
			}
		}
		return b
	}
	require.Fail(t, "the chain lies in none of the sets to be divided")
	return nil
}

// Inside the false cell the margin falls below its values at all corners: what is
// true of it takes halves to confirm, and what is false takes halves to refute.
func TestHalves(t *testing.T) {
	var cell rows
	for a, corners := range falseCell() {
		for v := range corners {
			copy(cell[a][v][:], corners[v])
		}
	}
	for _, c := range []struct {
		bound  float64
		pieces int    // 0: not confirmed
		says   string // without halves
	}{{-0.1, 1, ""}, {-0.03, 2, "not confirmed"}, {-0.02, 4, "not confirmed"}, {-0.017, 0, "not confirmed"}} {
		claim := claim{verdict.Holds, int64(c.bound * BoundDenominator)}
		pieces, err := checkSelf(cell, certify.Unit, claim)
		if c.pieces > 0 {
			require.NoError(t, err, "%v", c.bound)
			require.Equal(t, c.pieces, pieces, "%v", c.bound)
		} else {
			require.ErrorContains(t, err, "/262144 has margin -0.018")
		}
		if _, err = checkPiece(cell, certify.Unit, claim, 0); c.says == "" {
			require.NoError(t, err)
		} else {
			require.ErrorContains(t, err, c.says)
		}
	}
	first, second, unit := halves(cell, certify.Unit)
	require.Equal(t, int64(2*certify.Unit), unit)
	for a := range 3 {
		whole := turn(cornerOf(cell[a][0]), cornerOf(cell[a][1]), cornerOf(cell[a][2]))
		parts := new(big.Rat)
		for _, half := range []rows{first, second} {
			part := turn(cornerOf(half[a][0]), cornerOf(half[a][1]), cornerOf(half[a][2]))
			parts.Add(parts, part.Abs(part))
		}
		share := parts.Quo(parts, whole.Abs(whole)) // 4 in these units, twice where the row is not halved
		require.Contains(t, []string{"4", "8"}, share.RatString(), "row %d", a)
	}
}

func TestQuestionsInWords(t *testing.T) {
	require.Equal(t, "S = 2, orbit mean, k < i", Question{Tokens: 2, Orbit: true}.String())
	require.Equal(t, "S = 3, one chain, k <= i", Question{Tokens: 3, Self: true}.String())
}

const u = certify.Unit / 64

// What a cell claims is refuted where it is false, with a sentence that says why,
// and confirmed where it is true.
func TestClaims(t *testing.T) {
	long, short := forest(t, -1, 0, 1, 2), forest(t, -1, 0)
	one, orbit, self := Question{Tokens: 3}, Question{Tokens: 3, Orbit: true, Self: true}, Question{Tokens: 3, Self: true}
	two, twoSelf := Question{Tokens: 2}, Question{Tokens: 2, Self: true}
	equal := pieceAround(t, u, []int64{20 * u, 24 * u, 20 * u}, []int64{20 * u, 24 * u, 20 * u}, []int64{20 * u, 24 * u, 20 * u})
	cycle := pieceAround(t, u, []int64{0, 64 * u, 0}, []int64{0, 0, 64 * u}, []int64{64 * u, 0, 0})
	apart := pieceAround(t, u, []int64{8 * u, 40 * u, 16 * u}, []int64{16 * u, 16 * u, 32 * u}, []int64{40 * u, 16 * u, 8 * u})
	lazy := pieceAround(t, u, []int64{48 * u, 8 * u, 8 * u}, []int64{8 * u, 48 * u, 8 * u}, []int64{8 * u, 8 * u, 48 * u})
	ahead := pieceAround(t, u, []int64{16 * u, 48 * u}, []int64{48 * u, 16 * u})  // second eigenvalue -1/2
	behind := pieceAround(t, u, []int64{48 * u, 16 * u}, []int64{16 * u, 48 * u}) // 1/2
	line := pieceAround(t, u, []int64{48 * u, 16 * u}, []int64{48 * u, 16 * u})   // 0
	periodic := pieceAround(t, u, []int64{0, 64 * u}, []int64{64 * u, 0})         // -1
	for _, c := range []struct {
		name  string
		f     graph.Forest
		q     Question
		rows  [][][]int64
		v     verdict.Verdict
		bound float64
		says  string // "" where the claim is true
	}{
		{"equal rows", long, one, equal, verdict.Holds, 0, "three equal rows"},
		{"equal rows, orbit", long, orbit, equal, verdict.Holds, 0, "three equal rows"},
		{"equal rows, itself alone, orbit", short, orbit, equal, verdict.Holds, 0, "three equal rows"},
		{"cycle", long, one, cycle, verdict.Holds, 0, "share no token"},
		{"cycle, orbit", long, orbit, cycle, verdict.Holds, 0, "share no token"},
		{"cycle, itself alone, orbit", short, orbit, cycle, verdict.Holds, 0, ""},
		{"cycle, itself alone", short, self, cycle, verdict.Holds, 0.5, ""},
		{"cycle, with itself", long, self, cycle, verdict.Holds, 0.5, "share no token"},
		{"apart", long, one, apart, verdict.Holds, 0, ""},
		{"apart, with itself", long, self, apart, verdict.Holds, 0.125, ""},
		{"apart, too much", long, self, apart, verdict.Holds, 0.75, "has margin 0."},
		{"apart, refuted", long, self, apart, verdict.Fails, 0, "has margin 0."},
		{"lazy", long, self, lazy, verdict.Fails, 0, ""},
		{"lazy, a number", long, self, lazy, verdict.Fails, -0.25, ""},
		{"lazy, too much", long, self, lazy, verdict.Fails, -1, "has margin -0."},
		{"lazy, certified", long, self, lazy, verdict.Holds, 0x1p-40, "has margin -0."},
		{"two tokens, ahead", long, two, ahead, verdict.Holds, 0.125, ""},
		{"two tokens, ahead, with itself", long, twoSelf, ahead, verdict.Holds, 0.125, ""},
		{"two tokens, too much", long, two, ahead, verdict.Holds, 0.25, "second eigenvalue -0.5 have margin 0.1875"},
		{"two tokens, behind", long, two, behind, verdict.Holds, 0.125, ""},
		{"two tokens, behind, with itself", long, twoSelf, behind, verdict.Holds, 0x1p-40, "have margin -0.2"},
		{"two tokens, behind itself", long, twoSelf, behind, verdict.Fails, 0, ""},
		{"two tokens, behind itself by a fifth", long, twoSelf, behind, verdict.Fails, -0.2, ""},
		{"two tokens, behind itself by", long, twoSelf, behind, verdict.Fails, -0.25, "no competitor"},
		{"two tokens, ahead, refuted", long, twoSelf, ahead, verdict.Fails, 0, "no competitor"},
		{"two tokens, the line", long, two, line, verdict.Holds, 0x1p-40, "second eigenvalue 0 have margin 0"},
		{"two tokens, periodic", long, two, periodic, verdict.Holds, 0x1p-40, "second eigenvalue -1 have margin 0"},
		{"two tokens, periodic, other trees", forest(t, -1, 0, -1, 2), two, periodic, verdict.Holds, 0.5, ""},
		{"two tokens, periodic, orbit", long, Question{Tokens: 2, Orbit: true}, periodic, verdict.Holds, 0x1p-40, "have margin 0"},
	} {
		bound := int64(c.bound * BoundDenominator)
		got, err := Check(strings.NewReader(oneCell(t, c.f, c.q, c.rows, c.v, bound)), nil)
		if c.says == "" {
			require.NoError(t, err, c.name)
			require.Equal(t, 1, got.Questions[0].Holds+got.Questions[0].Fails)
			continue
		}
		require.ErrorIs(t, err, ErrFalse, c.name)
		require.ErrorContains(t, err, c.says, c.name)
	}
}

// Files that are no certificates, or whose cells do not add up, are refused by
// the line; the right one is accepted.
func TestSpoiledFiles(t *testing.T) {
	right, _ := written(t, forest(t, -1, 0, 1), 600, Question{Tokens: 2, Self: true}, Question{Tokens: 3})
	_, err := Check(strings.NewReader(right), nil)
	require.NoError(t, err)
	lines := strings.SplitAfter(strings.TrimSuffix(right, "\n"), "\n")
	replaced := func(i int, old, by string) string {
		spoiled := append([]string(nil), lines...)
		require.Contains(t, spoiled[i], old)
		spoiled[i] = strings.Replace(spoiled[i], old, by, 1)
		return strings.Join(spoiled, "")
	}
	without := func(i int) string { return strings.Join(lines[:i], "") + strings.Join(lines[i+1:], "") }
	for _, c := range []struct {
		name, text, says string
		unconfirmed      bool
	}{
		{"nothing", "", "line 1: want {\"certificate\"", false},
		{"no header", without(0), "line 1: want {\"certificate\"", false},
		{"header alone", lines[0], "nothing was checked", false},
		{"another schema", replaced(0, "certificate/1", "certificate/2"), `schema = "causalgrad/certificate/2"`, false},
		{"another denominator", replaced(0, "32768", "30000"), "denominator = 30000", false},
		{"another bound", replaced(0, "1099511627776", "1024"), "bound_denominator = 1024", false},
		{"no forest", replaced(0, "parents:-1,0,1", "dag:[[],[0]]"), "line 1: graph = ", false},
		{"no graph", replaced(0, "parents:-1,0,1", "parents:-1,1,1"), "line 1: graph: ", false},
		{"nothing competes", replaced(1, `"self":true`, `"self":false`), "verdict", false},
		{"an unknown field", replaced(2, `"bound"`, `"bond"`), "line 3: not an entry", false},
		{"no JSON", replaced(2, `{`, ``), "line 3: not an entry", false},
		{"four tokens", replaced(1, `"tokens":2`, `"tokens":4`), "line 2: tokens = 4", false},
		{"no question", without(1), "line 2: want a question", false},
		{"an unknown verdict", replaced(2, `"verdict":"`, `"verdict":"always `), "line 3: cell: verdict", false},
		{"a bound where no number is claimed", replaced(len(lines)-2, `"bound":0`, `"bound":5`), "with bound 5, want", false},
		{"refuted with a positive bound", strings.Replace(right, `"fails","bound":0`, `"fails","bound":1`, 1), `verdict "fails" with bound 1`, false},
		{"a corner off the simplex", replaced(2, `[[[`, `[[[1`), "line 3: cell: ", false},
		{"a corner too many", replaced(2, `[[[`, `[[[0,32768],[`), "line 3: cell: 3 corners", false},
		{"cut off", strings.Join(lines[:len(lines)-1], ""), "the file ends inside a question", false},
		{"another share", replaced(len(lines)-1, `"certified":0.`, `"certified":0.1`), "make up", true},
		{"a cell twice", strings.Join(lines[:3], "") + lines[2] + strings.Join(lines[3:], ""), "halved again and again", true},
		{"a cell missing", without(2), "make up", true},
	} {
		_, err := Check(strings.NewReader(c.text), nil)
		require.ErrorContains(t, err, c.says, c.name)
		require.Equal(t, c.unconfirmed, errors.Is(err, ErrFalse), "%s: %v", c.name, err)
		require.NotContains(t, err.Error(), "\n", c.name)
	}
}

// A writer that cannot write says so.
func TestWriterKeepsTheFirstError(t *testing.T) {
	broken := errors.New("full")
	w := NewWriter(failing{broken}, forest(t, -1, 0), certify.Unit)
	for range 1000 {
		w.Question(Question{Tokens: 2})
	}
	require.ErrorIs(t, w.Close(), broken)
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// FuzzCheck: any text is a certificate, confirmed or not, or an error of one
// line.
func FuzzCheck(f *testing.F) {
	f.Add([]byte(`{"certificate":{"schema":"` + Schema + `","forest":"parents:-1,0","denominator":4}}` + "\n"))
	f.Add([]byte(`{"certificate":null}`))
	f.Add([]byte("{"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if _, err := Check(bytes.NewReader(text), nil); err != nil {
			require.NotContains(t, err.Error(), "\n")
		}
	})
}

// TestAMarginOnTheBoundRefutesNothing: independent fair tokens have margin 0, at
// every corner of a cell that is one chain.
func TestAMarginOnTheBoundRefutesNothing(t *testing.T) {
	var cell rows
	for a := range cell {
		for corner := range cell[a] {
			cell[a][corner] = [3]int64{1, 1, 1}
		}
	}
	for _, v := range []verdict.Verdict{verdict.Holds, verdict.Fails} {
		require.NoError(t, refute(cell, 3, claim{v, 0}))
	}
	require.ErrorContains(t, refute(cell, 3, claim{verdict.Holds, 1}), "has margin 0")
	require.ErrorContains(t, refute(cell, 3, claim{verdict.Fails, -1}), "has margin 0")
}
