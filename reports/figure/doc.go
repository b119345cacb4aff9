// Package figure draws the paper's figures and the project's own (loss curves, weights, attention, out-of-distribution bars,
// the first step, rates, certified regions) from plain data, as SVG, PNG and PDF: for the
// page or, with ForPaper, for a column of a paper.
//
// Each constructor takes records, matrices or findings, checks them and returns
// a Figure, whose bytes depend on the data alone: no clock, no map order, no
// font of the machine. Colour maps have monotone lightness, so they survive grey
// print and colour blindness, and lines differ in dash and marker as well as in
// colour. Positions are 0-based, as in the tables.
//
// It never trains, measures or judges. It has no counterpart in the paper.
package figure
