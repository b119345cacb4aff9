package main

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Whatever names nothing gets the name that is nearest.
func TestWhatWasMeant(t *testing.T) {
	spec := file(t, "run.yaml", "stps: 3\n")
	for line, meant := range map[string]string{
		"chek":                         "check",
		"help chekc":                   "check",
		"help wrods":                   "words",
		"sweep statsu grid.yaml":       "status",
		"check --grpah chain":          "--graph",
		"check -graph chain":           "--graph",
		"check --format jsn":           "json",
		"check --graph chian":          "chain",
		"check --graph random:unifrom": "uniform",
		"gradient --length 4 --embedding gausian:64,1":                 "gaussian",
		"dynamics --setps 5":                                           "--steps",
		"version":                                                      "--version",
		"completion bsh":                                               "bash",
		"check --prior dirichlt:1":                                     "dirichlet",
		"check --roots unifrom":                                        "uniform",
		"gradient --length 4 --embedding orthogonl":                    "orthogonal",
		"train --steps 1 --model redused":                              "reduced",
		"train --steps 1 --optimizer adam":                             "adamw",
		"train --steps 1 --schedule cos":                               "cosine",
		"train --steps 1 --shifted florr:1,1":                          "floor",
		"train --steps 1 --weights-out w.npz --weights-layout offical": "official",
		"train --spec " + spec:                                         "steps",
		"reproduce figure2":                                            "figure-2",
		"reproduce single-chian":                                       "single-chain",
		"reproduce many-graphs-3":                                      "many-graphs-03",
		"necessity effective-lenght":                                   "effective-length",
		"conform --law stationary-balanc":                              "stationary-balance",
		"conform --new x.py --op evalate":                              "evaluate",
		"faults --mistake signal-transpose":                            "signal-transposed",
		"faults --law signal-definiton":                                "signal-definition",
		"fingerprint --kernel avx":                                     "avx2",
		"report --parts conditons":                                     "conditions",
		"check --table predictd":                                       "predicted",
		"report --tables losses":                                       "--tables=losses",
		"report --serve 127.0.0.1:8000":                                "--serve=127.0.0.1:8000",
		"list lwas":                                                    "laws",
		"list claims figur-2":                                          "figure-2",
		"list conditions efective-length":                              "effective-length",
	} {
		requireRefused(t, ask(strings.Fields(line)...), `; did you mean "`+meant+`"?`)
	}
	for _, line := range []string{"nothing-of-the-kind", "help nothing-of-the-kind", "list laws nothing-of-the-kind", "list x", "list laws ("} {
		a := ask(strings.Fields(line)...)
		requireRefused(t, a)
		require.NotContains(t, a.err, "did you mean", line)
	}
}

// Files whose names stand where a flag marks files with "@", or takes none.
func TestFilesThatWereMeant(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("mine.json", []byte("[-1,0,1]"), 0o600))
	for line, meant := range map[string]string{
		"check mine.json":                                 "--graph @mine.json",
		"check @mine.json":                                "--graph @mine.json",
		"check --graph mine.json":                         "@mine.json",
		"check --graph parents:mine.json":                 "@mine.json",
		"check --prior mine.json":                         "@mine.json",
		"gradient --length 4 --embedding mine.json":       "@mine.json",
		"check --graph adjacency-row-is-parent:mine.json": "adjacency-row-is-parent:@mine.json",
	} {
		requireRefused(t, ask(strings.Fields(line)...), `; did you mean "`+meant+`"?`)
	}
	a := ask("check", "--graph", "yours.json")
	requireRefused(t, a)
	require.NotContains(t, a.err, "did you mean")
}
