package page

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"
)

// Handler serves the document at / and /index.html, and from files what the page
// links to, below tables and figures, to requests that name a loopback host: another
// site that a browser was led to resolve to this machine gets nothing. files may be
// nil.
func Handler(document []byte, files fs.FS) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !loopback(hostname(r.Host)):
			http.Error(w, "this report is served on loopback only", http.StatusForbidden)
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "the report can only be read", http.StatusMethodNotAllowed)
		case files != nil && linked(r.URL.Path):
			w.Header().Set("X-Content-Type-Options", "nosniff")
			http.ServeFileFS(w, r, files, strings.TrimPrefix(r.URL.Path, "/"))
		case r.URL.Path != "/" && r.URL.Path != "/index.html":
			http.NotFound(w, r)
		default:
			h := w.Header()
			h.Set("Content-Type", "text/html; charset=utf-8")
			h.Set("Cache-Control", "no-store")
			h.Set("X-Content-Type-Options", "nosniff")
			h.Set("Referrer-Policy", "no-referrer")
			http.ServeContent(w, r, "index.html", time.Time{}, bytes.NewReader(document))
		}
	})
}

// linked tells whether the page may link to a path: a file below tables or figures.
func linked(path string) bool {
	folder, name, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return (folder == "tables" || folder == "figures") && name != "" && !strings.Contains(name, "/") && fs.ValidPath(name)
}

// Serve serves the document, with files as Handler does, on address ("127.0.0.1:0" picks a port) until ctx
// ends, and calls ready with the address to open. An address that is not loopback is an
// error.
func Serve(ctx context.Context, address string, document []byte, files fs.FS, ready func(url string)) error {
	if err := CheckAddress(address); err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("address %q: %w", address, err)
	}
	server := &http.Server{Handler: Handler(document, files), ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() }) // requests in flight are the reader's own
	defer stop()
	ready("http://" + listener.Addr().String() + "/")
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serving %s: %w", address, err)
	}
	return nil
}

// CheckAddress reports an address that Serve refuses: no host:port, or not
// loopback.
func CheckAddress(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("address %q: want host:port, such as 127.0.0.1:8080", address)
	}
	if !loopback(host) {
		return fmt.Errorf("address %q: %q is not loopback, want 127.0.0.1, [::1] or localhost", address, host)
	}
	return nil
}

// hostname is a Host header without its port and brackets.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return strings.Trim(host, "[]")
}

func loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}
