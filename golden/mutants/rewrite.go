package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"
)

// Mutant is one change of an operator.
type Mutant struct {
	Number       int // of the switch, from 1
	File         string
	Line, Column int
	Text         string // the expression or statement
	From, To     string // the operator
}

// The operators that change into another one.
var (
	arithmetic = map[token.Token]token.Token{token.ADD: token.SUB, token.SUB: token.ADD, token.MUL: token.QUO, token.QUO: token.MUL, token.REM: token.MUL}
	boundary   = map[token.Token]token.Token{token.LSS: token.LEQ, token.LEQ: token.LSS, token.GTR: token.GEQ, token.GEQ: token.GTR}
	negation   = map[token.Token]token.Token{token.EQL: token.NEQ, token.NEQ: token.EQL, token.LSS: token.GEQ, token.LEQ: token.GTR, token.GTR: token.LEQ, token.GEQ: token.LSS}
	step       = map[token.Token]token.Token{token.INC: token.DEC, token.DEC: token.INC}
)

// selector is the variable that tells which mutant is on.
const selector = "mutantNumber"

// rewriter writes a file anew with every mutant behind its switch.
type rewriter struct {
	fset    *token.FileSet
	source  []byte
	info    *types.Info
	pkg     *types.Package
	file    *ast.File
	mutants *[]Mutant
}

func (r *rewriter) offset(p token.Pos) int { return r.fset.Position(p).Offset }
func (r *rewriter) text(n ast.Node) string {
	return string(r.source[r.offset(n.Pos()):r.offset(n.End())])
}
func (r *rewriter) whole() string {
	return string(r.source[:r.offset(r.file.Pos())]) + r.render(r.file)
}
func (r *rewriter) kind(e ast.Expr) types.Type { return r.info.Types[e].Type }

// add notes a mutant and returns its number.
func (r *rewriter) add(n ast.Node, at token.Pos, from, to string) int {
	p := r.fset.Position(at)
	m := Mutant{len(*r.mutants) + 1, filepath.Base(p.Filename), p.Line, p.Column, strings.Join(strings.Fields(r.text(n)), " "), from, to}
	*r.mutants = append(*r.mutants, m)
	return m.Number
}

// numberType is how the file writes the type of a number, "" for what is none,
// or is a constant's, or has a name that the file does not import.
func (r *rewriter) numberType(e ast.Expr) string {
	tv := r.info.Types[e]
	if tv.Type == nil || tv.Value != nil {
		return ""
	}
	b, ok := tv.Type.Underlying().(*types.Basic)
	if !ok || b.Info()&types.IsNumeric == 0 || b.Info()&types.IsUntyped != 0 {
		return ""
	}
	known := true
	name := types.TypeString(tv.Type, func(p *types.Package) string {
		if p == r.pkg {
			return ""
		}
		for _, i := range r.file.Imports {
			if strings.Trim(i.Path.Value, `"`) == p.Path() {
				if i.Name != nil {
					return i.Name.Name
				}
				return p.Name()
			}
		}
		known = false
		return p.Name()
	})
	if !known {
		return ""
	}
	return name
}

// mutable tells whether a node has mutants.
func (r *rewriter) mutable(n ast.Node) bool {
	switch e := n.(type) {
	case *ast.BinaryExpr:
		if _, ok := negation[e.Op]; ok {
			return r.kind(e) != nil && r.info.Types[e].Value == nil
		}
		_, ok := arithmetic[e.Op]
		return ok && r.numberType(e) != ""
	case *ast.UnaryExpr:
		return e.Op == token.SUB && r.numberType(e) != ""
	case *ast.IncDecStmt:
		return true
	}
	return false
}

// render is the text of a node with the mutable nodes below it rewritten.
func (r *rewriter) render(n ast.Node) string {
	var below []ast.Node
	ast.Inspect(n, func(m ast.Node) bool {
		switch {
		case m == nil || m == n:
			return true
		case r.mutable(m):
			below = append(below, m)
			return false
		}
		d, ok := m.(*ast.GenDecl)
		return !ok || d.Tok != token.CONST
	})
	slices.SortFunc(below, func(a, b ast.Node) int { return int(a.Pos() - b.Pos()) })
	var out strings.Builder
	at := r.offset(n.Pos())
	for _, m := range below {
		out.Write(r.source[at:r.offset(m.Pos())])
		out.WriteString(r.mutate(m))
		at = r.offset(m.End())
	}
	out.Write(r.source[at:r.offset(n.End())])
	return out.String()
}

// child is a part of a mutated node, which may be mutated itself.
func (r *rewriter) child(n ast.Node) string {
	if r.mutable(n) {
		return r.mutate(n)
	}
	return r.render(n)
}

// mutate is a mutable node behind its switches. A mutant's text has the original
// parts: only one mutant is on at a time.
func (r *rewriter) mutate(n ast.Node) string {
	switch e := n.(type) {
	case *ast.BinaryExpr:
		if _, ok := negation[e.Op]; ok {
			return r.comparison(e)
		}
		to := arithmetic[e.Op]
		k := r.add(e, e.OpPos, e.Op.String(), to.String())
		return fmt.Sprintf("func() %s { if %s == %d { return %s %s %s }; return %s %s %s }()", r.numberType(e), selector, k,
			r.text(e.X), to, r.text(e.Y), r.child(e.X), e.Op, r.child(e.Y))
	case *ast.UnaryExpr:
		k := r.add(e, e.OpPos, "-", "+")
		return fmt.Sprintf("func() %s { if %s == %d { return %s }; return -%s }()", r.numberType(e), selector, k, r.text(e.X), r.child(e.X))
	case *ast.IncDecStmt:
		k := r.add(e, e.TokPos, e.Tok.String(), step[e.Tok].String())
		return fmt.Sprintf("func() { if %s == %d { %s%s } else { %[3]s%[5]s } }()", selector, k, r.text(e.X), step[e.Tok], e.Tok)
	}
	panic("mutate: a node that is not mutable")
}

// comparison evaluates its operands once whatever is on: a short circuit chooses.
func (r *rewriter) comparison(e *ast.BinaryExpr) string {
	var on, off strings.Builder
	for _, change := range []map[token.Token]token.Token{boundary, negation} {
		to, ok := change[e.Op]
		if !ok {
			continue
		}
		k := r.add(e, e.OpPos, e.Op.String(), to.String())
		fmt.Fprintf(&on, "%s == %d && (%s %s %s) || ", selector, k, r.text(e.X), to, r.text(e.Y))
		fmt.Fprintf(&off, "%s != %d && ", selector, k)
	}
	return fmt.Sprintf("(%s%s(%s %s %s))", on.String(), off.String(), r.child(e.X), e.Op, r.child(e.Y))
}
