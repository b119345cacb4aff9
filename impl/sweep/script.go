package sweep

import (
	_ "embed" // the default script
	"errors"
	"fmt"
	"regexp"
	"strings"
	"text/template"

	"causalgrad/theory/userfile"
)

// defaultScript is the job script of both jobs, as a text/template over script.
//
//go:embed job.sh.tmpl
var defaultScript string

// Resources are what a job asks Slurm for; "" leaves a choice to Slurm.
type Resources struct {
	Partition string // --partition
	Time      string // --time
	Memory    string // --mem
	Account   string // --account
	CPUs      int    // --cpus-per-task, from 1
	Chunk     int    // cells of a task; 0 means as few as maxTasks tasks allow
	Throttle  int    // tasks of the array that run at once; 0 means what the template's own --array says, or all
	Template  string // file of a job script to use instead of the default one
}

// script is what a template may use. Resources has the flags' values.
type script struct {
	Resources
	Name    string // of the job
	Submit  string // the command line that submits the script
	Command string // shell lines that do the work
}

// plainValue is what stands in an #SBATCH line without quotes.
var plainValue = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.,:@+/=-]*$`)

func (r Resources) validate() error {
	for _, v := range []struct{ flag, value string }{{"partition", r.Partition}, {"time", r.Time}, {"mem", r.Memory}, {"account", r.Account}} {
		if v.value != "" && !plainValue.MatchString(v.value) {
			return fmt.Errorf("--%s %q: want letters, digits and _.,:@+/=-", v.flag, v.value)
		}
	}
	if r.CPUs < 1 || r.CPUs > 1024 {
		return fmt.Errorf("--cpus %d: want 1 to 1024", r.CPUs)
	}
	if r.Chunk < 0 {
		return fmt.Errorf("--chunk %d: want 0 or more cells", r.Chunk)
	}
	if r.Throttle < 0 || r.Throttle > maxTasks {
		return fmt.Errorf("--throttle %d: want 0 to %d tasks", r.Throttle, maxTasks)
	}
	return nil
}

// maxTemplateSize bounds a job script.
const maxTemplateSize = 1 << 20

// render fills the template in. It takes --array options out, which the command
// line of sbatch gives, and returns how many tasks at once they allowed, 0 for any
// number.
func (s script) render() (text string, throttle int, err error) {
	name, source := "job.sh.tmpl", defaultScript
	if s.Template != "" {
		data, err := userfile.Read(s.Template, maxTemplateSize)
		if err != nil {
			return "", 0, fmt.Errorf("--template: %w", userfile.Error(s.Template, err))
		}
		name, source = s.Template, string(data)
	}
	wrong := func(err error) (string, int, error) { return "", 0, fmt.Errorf("--template %s: %w", name, err) }
	if err := checkLines(source); err != nil {
		return wrong(err)
	}
	t, err := template.New(name).Parse(source)
	if err != nil {
		return wrong(err)
	}
	var out strings.Builder
	if err := t.Execute(&out, s); err != nil {
		return wrong(err)
	}
	if !strings.HasPrefix(out.String(), "#!") || !strings.Contains(out.String(), s.Command) {
		return wrong(errors.New("want a script that begins with #! and contains {{.Command}}"))
	}
	text, throttle = withoutArray(out.String())
	return text, throttle, nil
}

// quote makes one word of the shell's.
func quote(word string) string { return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'" }

// line joins words to a command line.
func line(words ...string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = w
		if !plainValue.MatchString(strings.TrimLeft(w, "-/")) {
			quoted[i] = quote(w)
		}
	}
	return strings.Join(quoted, " ")
}
