package figure

import (
	"bytes"
	"fmt"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	vgfont "gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgpdf"
)

// The library dates its documents; a date that is always the same keeps the bytes a
// function of the drawing.
func init() {
	fpdf.SetDefaultCreationDate(time.Unix(0, 0).UTC())
	fpdf.SetDefaultModificationDate(time.Unix(0, 0).UTC())
	fpdf.SetDefaultCatalogSort(true)
}

// PDF is the figure as a PDF of one page of its size.
func (f Figure) PDF() ([]byte, error) {
	if err := f.Check(); err != nil {
		return nil, err
	}
	canvas := &outlined{Canvas: vgpdf.New(f.width, f.height)}
	f.draw(draw.New(canvas))
	if canvas.err != nil {
		return nil, fmt.Errorf("figure %s as PDF: %w", f.ID, canvas.err)
	}
	var out bytes.Buffer
	if _, err := canvas.WriteTo(&out); err != nil {
		return nil, fmt.Errorf("figure %s as PDF: %w", f.ID, err)
	}
	return out.Bytes(), nil
}

// outlined is a PDF canvas that draws letters as their outlines: the library's own text
// knows the characters of one code page alone, without Greek and without signs of
// mathematics.
type outlined struct {
	*vgpdf.Canvas
	buffer sfnt.Buffer
	err    error // the first
}

func (o *outlined) FillString(face vgfont.Face, at vg.Point, text string) {
	perEm := fixed.Int26_6(face.Face.UnitsPerEm())
	scale := face.Font.Size / vg.Length(perEm)
	var before sfnt.GlyphIndex
	for i, r := range text {
		glyph, err := face.Face.GlyphIndex(&o.buffer, r)
		if err != nil {
			o.fail(err)
			return
		}
		if glyph == 0 {
			o.fail(fmt.Errorf("the font has no %q", r))
			return
		}
		if i > 0 {
			if kern, err := face.Face.Kern(&o.buffer, before, glyph, perEm, font.HintingNone); err == nil { // an error is no kerning
				at.X += vg.Length(kern) * scale
			}
		}
		segments, err := face.Face.LoadGlyph(&o.buffer, glyph, perEm, nil)
		if err != nil {
			o.fail(err)
			return
		}
		if path := outline(segments, at, scale); len(path) > 0 { // a space has none
			o.Fill(path)
		}
		advance, err := face.Face.GlyphAdvance(&o.buffer, glyph, perEm, font.HintingNone)
		if err != nil {
			o.fail(err)
			return
		}
		at.X += vg.Length(advance) * scale
		before = glyph
	}
}

func (o *outlined) fail(err error) {
	if o.err == nil {
		o.err = err
	}
}

// outline is a glyph as a path; the font's y points down.
func outline(segments sfnt.Segments, at vg.Point, scale vg.Length) vg.Path {
	point := func(p fixed.Point26_6) vg.Point {
		return vg.Point{X: at.X + vg.Length(p.X)*scale, Y: at.Y - vg.Length(p.Y)*scale}
	}
	var path vg.Path
	for _, s := range segments {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			path.Move(point(s.Args[0]))
		case sfnt.SegmentOpLineTo:
			path.Line(point(s.Args[0]))
		case sfnt.SegmentOpQuadTo:
			path.QuadTo(point(s.Args[0]), point(s.Args[1]))
		case sfnt.SegmentOpCubeTo:
			path.CubeTo(point(s.Args[0]), point(s.Args[1]), point(s.Args[2]))
		}
	}
	return path
}
