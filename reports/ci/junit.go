package ci

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"causalgrad/reports/page"
)

type suites struct {
	XMLName xml.Name `xml:"testsuites"`
	Suites  []suite  `xml:"testsuite"`
}

type suite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string   `xml:"classname,attr"`
	Name    string   `xml:"name,attr"`
	Seconds float64  `xml:"time,attr,omitempty"`
	Failure *message `xml:"failure"`
	Skipped *message `xml:"skipped"`
	Output  string   `xml:"system-out"`
}

type message struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// JUnit writes the ledger as a JUnit report with one test case a claim: a claim
// that fails is a failure whose text is the command that reproduces it; one that
// holds in part, is undecided or was not run is skipped and says so.
func JUnit(w io.Writer, entries []page.Entry) error {
	if err := checkAll(entries); err != nil {
		return err
	}
	s := suite{Name: "causalgrad claims"}
	for _, e := range entries {
		c := junitCase{Class: "causalgrad." + e.Kind, Name: e.ID, Output: valid(fmt.Sprintf("%s\n%s: %s\n%s", e.Statement, e.Verdict, e.Text(), e.Command))}
		switch endingOf(e.Verdict) {
		case failed:
			c.Failure = &message{valid(e.Statement + " " + e.Text()), valid("reproduce: " + e.Command)}
		case skipped:
			c.Skipped = &message{Message: string(e.Verdict)}
		}
		s.add(c)
	}
	return writeJUnit(w, s)
}

// add adds a case and counts it.
func (s *suite) add(c junitCase) {
	s.Tests++
	if c.Failure != nil {
		s.Failures++
	}
	if c.Skipped != nil {
		s.Skipped++
	}
	s.Cases = append(s.Cases, c)
}

func writeJUnit(w io.Writer, all ...suite) error {
	data, err := xml.MarshalIndent(suites{Suites: all}, "", " ")
	if err != nil {
		return fmt.Errorf("JUnit: %w", err)
	}
	return write(w, "JUnit", xml.Header+string(data)+"\n")
}

// valid drops what XML 1.0 cannot hold, control characters.
func valid(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, s)
}
