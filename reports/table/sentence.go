package table

import "html"

// Sentence is a sentence beside tables in the given format: a paragraph, in text of that many columns, in LaTeX a
// comment, and nothing in CSV, whose readers want the header first, and in JSON, where
// it is a field of the caller's.
func Sentence(format Format, text string, width int) string {
	switch format {
	case FormatText, FormatColour:
		return Wrapped(text, width)
	case FormatMarkdown:
		return escapeMarkdown(oneLine(text)) + "\n"
	case FormatHTML:
		return "<p>" + html.EscapeString(oneLine(text)) + "</p>\n"
	case FormatLaTeX:
		return "% " + oneLine(text) + "\n"
	}
	return ""
}
