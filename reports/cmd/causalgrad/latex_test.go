package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var overfull = regexp.MustCompile(`Overfull \\hbox \(([\d.]+)pt too wide\)`)

// TestLaTeXCompiles: the tables of several commands as one document, with the packages
// that they name and no others, as wide as the text of an article. It needs a LaTeX; the form of the tables is tested
// without one in package table.
func TestLaTeXCompiles(t *testing.T) {
	for _, program := range []string{"pdflatex", "kpsewhich"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("no LaTeX is installed: %v", err)
		}
	}
	for _, file := range []string{"booktabs.sty", "array.sty", "siunitx.sty", "longtable.sty"} {
		if err := exec.Command("kpsewhich", file).Run(); err != nil {
			t.Skipf("LaTeX has no %s: %v", file, err)
		}
	}
	text := "\\documentclass{article}\n\\usepackage{booktabs,array,siunitx,longtable}\n\\extrafloats{200}\n\\begin{document}\n"
	for _, line := range []string{
		"check --graph parents:-1,0,1,-1,3 --prior orbit:1,7", "check --graph parents:-1,0,0 --prior dirichlet:0.1 --draws 64",
		"check --graph parents:-1,0,1 --chain [[0.75,0.25],[0.25,0.75]]", "gradient --graph parents:-1,0,1 --prior dirichlet:1 --draws 20",
		"loss --graph chain --length 6 --prior dirichlet:1 --draws 20", "dynamics --graph parents:-1,0,1 --prior orbit:1,7",
		"train --graph parents:-1,0,1 --steps 2 --batch 8 --test-sequences 64 --shifted dirichlet:1", "infer --simulate 200 --graph parents:-1,0,1",
		"conform --law measure-uniform --draws 2", "verify ../../../golden/reference/vec_stationary.json", "list claims",
		"list laws", "ladder --lengths 5,8,12",
	} {
		a := ask(append(strings.Fields(line), "--format", "latex")...)
		require.Contains(t, []int{0, 1}, a.code, a.err)
		text += a.out + "\\clearpage\n"
	}
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "tables.tex"), []byte(text+"\\end{document}\n"), 0o600))
	cmd := exec.Command("pdflatex", "-interaction=nonstopmode", "-halt-on-error", "tables.tex")
	cmd.Dir = folder
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.FileExists(t, filepath.Join(folder, "tables.pdf"))
	require.NotContains(t, string(out), "too large", "a table longer than a page")
	for _, over := range overfull.FindAllStringSubmatch(string(out), -1) {
		points, err := strconv.ParseFloat(over[1], 64)
		require.NoError(t, err)
		require.Less(t, points, 5.0, "widths are estimates, and a seventieth of the line is hardly seen: %s", over[0])
	}
	require.NotContains(t, string(out), "Missing character", "a sign that the font does not have")
}
