package figure

import (
	"bytes"
	"fmt"
	"html"
	"regexp"
	"strings"
)

var (
	header = regexp.MustCompile(`(?s)^.*?<svg ([^>]*)>\n`)
	// boxes are opaque fills of straight lines: cells and bars. Without this hint
	// renderers blend the borders of adjacent cells into hairlines.
	boxes = regexp.MustCompile(`(?m)^<path d="([MLZ0-9.,e+-]*)" style="(fill:#[0-9A-Fa-f]{6})"`)
)

// fallbacks stand in, with the same letter widths, where the font of the
// drawing is not installed.
const fallbacks = "font-family:'Liberation Sans',Arial,Helvetica,sans-serif"

// accessible adds a title and a description to the drawing library's document,
// fonts to fall back on, and crisp cells.
func accessible(document []byte, f Figure) []byte {
	attributes := header.FindSubmatch(document)
	if attributes == nil {
		return document // not what the library writes; the tests would say so
	}
	body := document[len(attributes[0]):]
	var out bytes.Buffer
	fmt.Fprintf(&out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg %s role=\"img\" aria-labelledby=\"%s-title %s-desc\">\n",
		strings.Join(strings.Fields(string(attributes[1])), " "), f.ID, f.ID)
	fmt.Fprintf(&out, "<title id=\"%s-title\">%s</title>\n<desc id=\"%s-desc\">%s</desc>\n",
		f.ID, html.EscapeString(f.Title), f.ID, html.EscapeString(f.Alt))
	body = boxes.ReplaceAll(body, []byte(`<path shape-rendering="crispEdges" d="$1" style="$2"`))
	body = bytes.ReplaceAll(body, []byte("font-family:Liberation Sans"), []byte(fallbacks))
	out.Write(body)
	return out.Bytes()
}
