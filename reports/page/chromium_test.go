package page

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
)

// chromium finds a browser: CAUSALGRAD_CHROMIUM, or one on the PATH. make test asks none,
// for make test-page does.
func chromium(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("skipped: -short leaves the browser out")
	}
	switch name := os.Getenv("CAUSALGRAD_CHROMIUM"); name {
	case "":
	case "none":
		t.Skip("skipped: make test-page asks the browser")
	default:
		return name
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("skipped: no chromium, chromium-browser or google-chrome on the PATH, and CAUSALGRAD_CHROMIUM is not set")
	return ""
}

// visit is what the harness page found at one width.
type visit struct {
	Width, ViewportWidth, FoldedWidth, UnfoldedWidth int
	Claims, Opened, Links                            int
	Filtered, Searched                               int // claims hidden without those that hold, and by words in none
	Broken, Outside, Errors                          []string
	HashOpened                                       bool
}

// harness loads the page in a frame of each width, clicks every claim and
// every button, and writes its findings into its own document. A frame is as wide as it
// is told, unlike a window, which has a least width.
const harness = `<!DOCTYPE html><meta charset="utf-8"><title>harness</title><pre id="findings"></pre>
<script>
"use strict";
const wait = (frame) => new Promise((done) => { frame.onload = done; });
async function visit(width) {
  const frame = document.createElement("iframe");
  frame.style.cssText = "border:0;height:900px;width:" + width + "px";
  frame.src = "/page";
  document.body.append(frame);
  await wait(frame);
  const w = frame.contentWindow, d = frame.contentDocument, v = {Width: width, Broken: [], Outside: [], Errors: []};
  w.onerror = (m) => { v.Errors.push(String(m)); };
  v.ViewportWidth = w.innerWidth;
  v.FoldedWidth = d.documentElement.scrollWidth;
  const claims = Array.from(d.querySelectorAll("details.claim"));
  v.Claims = claims.length;
  v.Opened = 0;
  for (const c of claims) {
    c.querySelector("summary").click();
    const evidence = c.querySelector(".evidence").getBoundingClientRect();
    if (c.open && evidence.height > 0) v.Opened++;
  }
  for (const e of d.querySelectorAll("details")) e.open = true;
  v.UnfoldedWidth = d.documentElement.scrollWidth;
  for (const e of d.querySelectorAll("body *")) {
    const scrolled = e.closest(".scroll, pre") || e.classList.contains("skip");
    const r = e.getBoundingClientRect();
    if (!scrolled && r.width > 0 && (r.right > w.innerWidth + 0.5 || r.left < -0.5)) v.Outside.push(e.tagName + "." + e.className);
  }
  const links = Array.from(d.querySelectorAll("a")).filter((a) => a.getAttribute("href").startsWith("#"));
  v.Links = links.length;
  for (const a of links) {
    const target = d.getElementById(decodeURIComponent(a.hash.slice(1)));
    if (!target || target.getBoundingClientRect().height === 0) v.Broken.push(a.getAttribute("href"));
  }
  const filter = d.querySelector("button[data-verdict=verdict-holds]");
  const search = d.getElementById("search");
  filter.click();
  v.Filtered = claims.filter((c) => c.hidden).length;
  filter.click();
  search.value = "no claim says this";
  search.dispatchEvent(new w.Event("input"));
  v.Searched = claims.filter((c) => c.hidden).length;
  search.value = "";
  search.dispatchEvent(new w.Event("input"));
  if (claims.some((c) => c.hidden)) v.Errors.push("an empty search hides a claim");
  d.querySelector("[data-unfold=false]").click();
  if (claims.some((c) => c.open)) v.Errors.push("fold all left a claim open");
  const inside = d.querySelector(".claim .evidence table[id], .claim .evidence figure[id]");
  w.location.hash = "#" + inside.id;
  await new Promise((done) => { w.setTimeout(done, 0); });
  v.HashOpened = inside.closest("details").open;
  return v;
}
(async () => {
  const found = [];
  for (const width of [400, 1400]) found.push(await visit(width));
  document.getElementById("findings").textContent = JSON.stringify(found);
})();
</script>`

// TestPageInABrowser visits the fixture and, where CAUSALGRAD_PAGE names one, the
// page of a report.
func TestPageInABrowser(t *testing.T) {
	browser := chromium(t)
	t.Run("fixture", func(t *testing.T) { visitPage(t, browser, render(t, fixture(t))) })
	if name := os.Getenv("CAUSALGRAD_PAGE"); name != "" {
		t.Run(name, func(t *testing.T) {
			document, err := os.ReadFile(name)
			require.NoError(t, err)
			visitPage(t, browser, document)
		})
	}
}

func visitPage(t *testing.T, browser string, document []byte) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		switch r.URL.Path {
		case "/page":
			_, _ = w.Write(document)
		case "/":
			_, _ = w.Write([]byte(harness))
		default:
			w.WriteHeader(http.StatusNoContent) // the browser asks for an icon
		}
	}))
	defer server.Close()
	dom, console := run(t, browser, "--dump-dom", "--virtual-time-budget=20000", "--window-size=1500,1000", server.URL+"/")
	root, err := html.Parse(bytes.NewReader(dom))
	require.NoError(t, err)
	var visits []visit
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && attribute(n, "id") == "findings" {
			require.NoError(t, json.Unmarshal([]byte(text(n)), &visits), "findings %q, console %q", text(n), console)
		}
	}
	require.Len(t, visits, 2)
	for i, width := range []int{400, 1400} {
		v := visits[i]
		require.Equal(t, width, v.ViewportWidth)
		require.LessOrEqual(t, v.FoldedWidth, width, "overflow while folded")
		require.LessOrEqual(t, v.UnfoldedWidth, width, "overflow when unfolded")
		require.Empty(t, v.Outside, "elements outside the page at %d pixels", width)
		require.Equal(t, bytes.Count(document, []byte(`<details class="claim"`)), v.Claims)
		require.Positive(t, v.Claims)
		require.Equal(t, v.Claims, v.Opened, "claims that a click opens")
		require.Positive(t, v.Links)
		require.Empty(t, v.Broken, "links that lead nowhere")
		require.Empty(t, v.Errors)
		require.Equal(t, bytes.Count(document, []byte(`data-verdict="verdict-holds">
<summary>`)), v.Filtered, "claims hidden by the button of their verdict")
		require.Equal(t, v.Claims, v.Searched, "claims hidden by words that none has")
		require.True(t, v.HashOpened, "a link into a folded claim unfolds it")
	}
	require.Empty(t, console, "what the browser's console says")
}

// From disk the page is read with no server and no network at all.
func TestPageOpensFromDisk(t *testing.T) {
	browser := chromium(t)
	name := filepath.Join(t.TempDir(), "index.html")
	require.NoError(t, os.WriteFile(name, render(t, fixture(t)), 0o644))
	dom, console := run(t, browser, "--dump-dom", "file://"+name)
	require.Empty(t, console)
	require.Contains(t, string(dom), `<p class="buttons">`, "the script ran: it shows the buttons")
}

var consoleLine = regexp.MustCompile(`(?m)^.*CONSOLE.*$`)

// run starts the browser without a profile of its own and returns its output
// and the lines of the page's console.
func run(t *testing.T, browser string, arguments ...string) (output []byte, console []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	base := []string{"--headless", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-background-networking",
		"--enable-logging=stderr", "--log-level=0", "--disable-dev-shm-usage", "--user-data-dir=" + t.TempDir()}
	if os.Geteuid() == 0 {
		base = append(base, "--no-sandbox") // root may not have one
	}
	cmd := exec.CommandContext(ctx, browser, append(base, arguments...)...)
	var out, log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &log
	err := cmd.Run()
	require.NoError(t, err, fmt.Sprintf("%s: %s", browser, strings.TrimSpace(log.String())))
	return out.Bytes(), consoleLine.FindAllString(log.String(), -1)
}
