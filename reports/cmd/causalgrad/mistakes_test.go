package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Each line of a table is one thing that a user gets wrong, and what the
// message must name.
type mistake struct {
	args  string // separated by spaces
	names []string
}

func requireMistakes(t *testing.T, mistakes []mistake) {
	t.Helper()
	for _, m := range mistakes {
		t.Run(m.args, func(t *testing.T) { requireRefused(t, ask(strings.Fields(m.args)...), m.names...) })
	}
}

func TestMistakesInTheGraph(t *testing.T) {
	requireMistakes(t, []mistake{
		{"check --graph parents:-1,0,3", []string{`graph "parents:-1,0,3"`, "parents[2] = 3", "-1 (a root) or an earlier position 0..1"}},
		{"check --graph parents:-1,0,2", []string{"parents[2] = 2"}},
		{"check --graph parents:-1,-2", []string{"parents[1] = -2"}},
		{"check --graph parents:", []string{`parents[0] = ""`}},
		{"check --graph parents:-1,x", []string{`parents[1] = "x"`, "an integer"}},
		{"check --graph parents:-1", []string{"parents: 1 positions, want 2 to"}}, // T = 2
		{"check --graph ring", []string{`unknown graph "ring"`, "chain, icl"}},
		{"check --graph chain --length 2", []string{"T = 2", "want 3 to"}},
		{"check --graph chain --length -3", []string{"T = -3"}},
		{"check --graph parents:-1,0,0 --length 5", []string{"sequence length 4", "length 5"}},
		{"check --graph random:2", []string{`root probability "2"`, "0 to 1"}},
		{"gradient --graph dag:[[],[],[0,1],[1,2]]", []string{"dag:[[],[],[0,1],[1,2]]", "needs a forest"}},
		{"train --steps 1 --graph dag:[[],[1],[0],[0]]", []string{"dag[1][0] = 1"}},
		{"train --steps 1 --graph dag:[[],[],[],[0,0]]", []string{"dag[3]: parent 0 is listed twice"}},
		{"gradient --graph @" + file(t, "g.json", `{"parents":[-1,0`), []string{"g.json", "end of JSON"}},
		{"gradient --graph @" + file(t, "g.json", `{"nodes":[]}`), []string{"g.json", "not directed"}},
		{"gradient --graph @absent.json", []string{"absent.json", "no such file"}},
	})
}

func TestMistakesInTheChain(t *testing.T) {
	for content, names := range map[string][]string{
		"[[0.5,0.5],[0.2":                {"end of JSON"},
		"":                               {"end of JSON"},
		"hello":                          {"JSON nested list"},
		"[[0.5,0.6],[0.2,0.8]]":          {"chain[0]: sums to 1.1, want 1"},
		"[[0.5,0.5],[-0.5,1.5]]":         {"chain[1][0] = -0.5, want a probability"},
		"[[NaN,0.5],[0.2,0.8]]":          {"JSON nested list"}, // JSON has no NaN
		"[[0.5,0.5],[1]]":                {"chain[1]: 1 entries, want 2"},
		"[[1]]":                          {"chain: 1 rows, want 2"}, // S < 2
		"[[1,0],[0,1]]":                  {"reducible", "token 1", "token 0"},
		"[[0,1],[1,0]]":                  {"periodic with period 2"},
		"[[0.5,0.5],[0.2,0.8]] and more": {"JSON nested list"},
	} {
		t.Run(content, func(t *testing.T) {
			name := file(t, "pi.json", content)
			for _, args := range [][]string{{"gradient", "--length", "4"}, {"check", "--length", "4"}, {"train", "--steps", "1"}} {
				requireRefused(t, ask(append(args, "--chain", name)...), append(names, name)...)
			}
		})
	}
	good := file(t, "pi.json", "[[0.5,0.5],[0.2,0.8]]")
	requireMistakes(t, []mistake{
		{"gradient --chain " + file(t, "pi.csv", "0.5,0.5\nnan,0.5\n"), []string{"pi.csv", "chain[1][0] = NaN"}},
		{"gradient --chain " + file(t, "pi.csv", "0.5,0.5\nx,0.5\n"), []string{"pi.csv", `line 2, column 1: "x"`}},
		{"gradient --chain " + file(t, "pi.csv", "0.5,0.5\n1\n"), []string{"pi.csv", "line 2"}},
		{"gradient --chain " + file(t, "pi.npy", "\x93NUMPY\x01"), []string{"pi.npy", ".npy"}},
		{"gradient --chain absent.json", []string{"absent.json", "no such file"}},
		{"gradient --chain " + t.TempDir(), []string{"want a file"}},
		{"gradient --tokens 3 --chain " + good, []string{"has 2 tokens", "3 were asked for"}},
		{"gradient --prior dirichlet:1 --chain " + good, []string{"pi.json", `"dirichlet:1"`, "one of them"}},
	})
}

func TestMistakesInThePrior(t *testing.T) {
	requireMistakes(t, []mistake{
		{"check --prior gamma:1", []string{`unknown prior "gamma"`, "dirichlet:ALPHA"}},
		{"check --prior dirichlet:x", []string{`alpha = "x"`, "a number"}},
		{"check --prior dirichlet:-1", []string{"alpha = -1"}},
		{"check --prior dirichlet:nan", []string{"alpha = NaN"}},
		{"check --prior dirichlet", []string{`prior "dirichlet"`, "ALPHA"}},
		{"check --prior floor:1,1", []string{"gamma = 1", "strictly between 0 and 1"}},
		{"check --prior sticky:0,1", []string{"weight = 0"}},
		{"check --prior point:absent.json", []string{"absent.json", "no such file"}},
		{"check --tokens 1", []string{"1 tokens, want 2 to"}},
		{"check --tokens 0", []string{"--tokens 0: want a size"}},
		{"check --tokens 100000", []string{"100000 tokens"}},
		{"train --steps 1 --graph trigram-half --prior sticky:0.9,1", []string{`prior "sticky:0.9,1"`, "independent rows"}},
	})
}

func TestMistakesInOtherFlags(t *testing.T) {
	requireMistakes(t, []mistake{
		{"check --seed -1", []string{`"-1"`, "--seed"}},
		{"check --length x", []string{`"x"`, "--length"}},
		{"check --draws -1", []string{"draws = -1, want at least 64"}},
		{"check --gamma nan", []string{"gamma = NaN"}},
		{"check --eps -1", []string{"eps = -1"}},
		{"gradient --draws 1", []string{"draws = 1, want at least 2"}},
		{"gradient --eps nan", []string{"eps = NaN"}},
		{"train", []string{"steps"}},
		{"train --steps 0", []string{"steps = 0, want 1 to"}},
		{"train --steps 1 --batch 0", []string{"batch = 0"}},
		{"train --steps 1 --test-sequences 1", []string{"test_sequences = 1, want 2 to"}},
		{"train --steps 1 --model rnn", []string{`model "rnn"`, "disentangled, reduced or transformer"}},
		{"train --steps 1 --optimizer adam", []string{`optimizer "adam"`, "sgd or adamw"}},
		{"train --steps 1 --schedule step", []string{`schedule "step"`, "constant or cosine"}},
		{"train --steps 1 --lr nan", []string{"learning rate = NaN"}},
		{"train --steps 1 --weight-decay -1", []string{"weight decay = -1"}},
		{"train --steps 1 --init-scale 101", []string{"init_scale = 101"}},
		{"train --steps 1 --heads 0", []string{"heads[0] = 0"}},
		{"train --steps 1 --model transformer --heads 2", []string{"heads[0] = 2"}},
		{"train --steps 1 --shifted x", []string{"shifted[0]", `unknown prior "x"`}},
		{"train --steps 2 --model reduced --eps 0 --length 4 --batch 8 --test-sequences 8", []string{"eps = 0", "reduced model", "infinite"}},
		{"reproduce --quick quick-nothing", []string{`experiment "quick-nothing"`}},
		{"verify absent.json", []string{"absent.json", "no such file"}},
		{"regions --check absent.json", []string{"file absent.json: no such file"}},
		{"gradient --length 4 --embedding @" + t.TempDir(), []string{"embedding: file", "is a directory"}},
		// Before work of hours, of which another refusal would speak.
		{"gradient --length 200 --draws 1000000 --embedding @absent.npy", []string{"absent.npy", "no such file"}},
		{"infer --header no seq.csv", []string{"2 arguments, no seq.csv", "a value of --header stands behind =: --header=no"}},
		{"speed /dev/null", []string{"file /dev/null: is a device or a socket"}},
		{"gradient --graph @- --chain -", []string{"--chain - and --graph @-: both are standard input"}},
		{"gradient --graph @/dev/stdin --prior orbit:@-", []string{"--graph @/dev/stdin and --prior orbit:@-: both are"}},
		{"train --steps 1 --shifted @- --shifted point:-", []string{"--shifted @- and --shifted point:-: both are"}},
		{"train --steps 1 --weights-out -", []string{"--weights-out -: want the name of a file or folder"}},
		{"infer --simulate 100 --save -", []string{"--save -: want the name"}},
		{"junit -o - tests.json", []string{"--out -: want the name"}},
	})
	for _, command := range []string{"check", "gradient", "verify", "list", "report", "train --steps 1", "reproduce --quick"} {
		requireRefused(t, ask(append(strings.Fields(command), "--format", "pdf")...), `unknown format "pdf"`, "text|markdown|csv|json|html|latex")
	}
}

// A file that cannot be written leaves nothing behind, and an answer that ends
// in an error leaves an older file as it was.
func TestNothingIsHalfWritten(t *testing.T) {
	folder := t.TempDir()
	blocked := filepath.Join(folder, "blocked")
	require.NoError(t, os.WriteFile(blocked, []byte("old"), 0o600))
	chain := file(t, "pi.json", "[[0.5,0.5],[0.2,0.8]]")
	for _, command := range []string{"gradient --length 4 --chain " + chain, "check --length 4 --chain " + chain, "list"} {
		below := filepath.Join(blocked, "answer.json") // a file is no folder
		requireRefused(t, ask(append(strings.Fields(command), "--out", below)...), "writing "+below)
	}
	requireRefused(t, ask("gradient", "--chain", "absent.json", "--out", blocked), "absent.json")
	requireRefused(t, ask("train", "--steps", "0", "--out", blocked), "steps = 0")
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Len(t, entries, 1)
	old, err := os.ReadFile(blocked)
	require.NoError(t, err)
	require.Equal(t, "old", string(old))
}

// TestUnwritableFilesAreNoticedBeforeTraining: a run of so many steps would not
// end within the test.
func TestUnwritableFilesAreNoticedBeforeTraining(t *testing.T) {
	below := filepath.Join(file(t, "plain", ""), "below")
	for _, flag := range []string{"--out " + below + ".json", "--weights-out " + below + ".npz", "--out " + below + "/"} {
		name := strings.Fields(flag)[1]
		requireRefused(t, ask(append([]string{"train", "--steps", "1000000000"}, strings.Fields(flag)...)...), "writing "+name)
	}
}

func TestShiftedPeriodicChainsAreRefused(t *testing.T) {
	name := file(t, "pi.json", "[[0,1],[1,0]]")
	requireMistakes(t, []mistake{
		{"train --steps 1 --tokens 2 --shifted dirichlet:1 --shifted point:" + name, []string{"shifted[1]", name, "periodic with period 2"}},
		{"train --spec " + file(t, "run.yaml", "steps: 1\ntokens: 2\nprior: 'point:"+name+"'\n"), []string{name, "periodic with period 2"}},
	})
}
