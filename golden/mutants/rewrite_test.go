package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"
)

// rewritten is a source with its mutants behind switches, and the mutants.
func rewritten(t *testing.T, source string) (string, []Mutant) {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "a.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
	pkg, err := new(types.Config).Check("a", fset, []*ast.File{file}, info)
	if err != nil {
		t.Fatal(err)
	}
	var mutants []Mutant
	r := &rewriter{fset, []byte(source), info, pkg, file, &mutants}
	return r.whole(), mutants
}

// Constants and strings have no mutants; a comparison has up to two, and the parts
// of a mutated expression have their own.
func TestEveryOperatorOnce(t *testing.T) {
	out, mutants := rewritten(t, `package a

const c = 1 + 2

func f(x, y int, s string) int {
	if s+"a" == "b" || x+c < -y {
		x++
	}
	return x * (y - 1)
}
`)
	var got []string
	for _, m := range mutants {
		got = append(got, fmt.Sprintf("%d:%s>%s", m.Line, m.From, m.To))
	}
	want := `6:==>!= 6:<><= 6:<>>= 6:+>- 6:->+ 7:++>-- 9:*>/ 9:->+`
	if strings.Join(got, " ") != want {
		t.Errorf("mutants %s, want %s", strings.Join(got, " "), want)
	}
	out += "\nvar mutantNumber int\n"
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "b.go", out, 0)
	if err == nil {
		_, err = new(types.Config).Check("a", fset, []*ast.File{file}, nil)
	}
	if err != nil {
		t.Errorf("what is written does not compile: %v\n%s", err, out)
	}
	for n := range mutants {
		if !strings.Contains(out, fmt.Sprintf("mutantNumber == %d ", n+1)) {
			t.Errorf("no switch for mutant %d", n+1)
		}
	}
}
