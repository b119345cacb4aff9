package page

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

func TestHandlerAnswersLoopbackOnly(t *testing.T) {
	files := fstest.MapFS{"tables/a.csv": {Data: []byte("x")}, "records/a.json": {Data: []byte("x")}}
	handler := Handler([]byte("<!DOCTYPE html>the page"), files)
	for _, c := range []struct {
		method, host, path string
		want               int
	}{
		{"GET", "127.0.0.1:8080", "/", http.StatusOK},
		{"GET", "localhost:8080", "/index.html", http.StatusOK},
		{"GET", "[::1]:8080", "/", http.StatusOK},
		{"HEAD", "[::1]", "/", http.StatusOK},
		{"GET", "example.org", "/", http.StatusForbidden},
		{"GET", "localhost.example.org:80", "/", http.StatusForbidden},
		{"GET", "192.168.0.7:80", "/", http.StatusForbidden},
		{"GET", "", "/", http.StatusForbidden},
		{"POST", "localhost", "/", http.StatusMethodNotAllowed},
		{"GET", "localhost", "/../etc/passwd", http.StatusNotFound},
		{"GET", "localhost", "/records/a.json", http.StatusNotFound},
		{"GET", "localhost", "/tables/../records/a.json", http.StatusNotFound},
		{"GET", "localhost", "/tables/absent.csv", http.StatusNotFound},
		{"GET", "example.org", "/tables/a.csv", http.StatusForbidden},
	} {
		request := httptest.NewRequest(c.method, "http://localhost/", nil)
		request.Host, request.URL.Path = c.host, c.path
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, request)
		require.Equal(t, c.want, answer.Code, "%s %s%s", c.method, c.host, c.path)
		if c.want == http.StatusOK {
			require.Equal(t, "text/html; charset=utf-8", answer.Header().Get("Content-Type"))
		}
	}
}

func TestServeUntilTheContextEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	url, done := make(chan string, 1), make(chan error, 1)
	go func() { done <- Serve(ctx, "127.0.0.1:0", []byte("the page"), nil, func(u string) { url <- u }) }()
	response, err := http.Get(<-url)
	require.NoError(t, err)
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, "the page", string(body))
	cancel()
	require.NoError(t, <-done)
}

func TestServeRefusesOtherAddresses(t *testing.T) {
	for address, want := range map[string]string{
		"0.0.0.0:0": "not loopback", ":8080": "not loopback", "192.0.2.1:80": "not loopback", "example.org:80": "not loopback",
		"localhost": "want host:port", "127.0.0.1:99999": "127.0.0.1:99999",
	} {
		err := Serve(context.Background(), address, nil, nil, func(string) { t.Fatal("served " + address) })
		require.ErrorContains(t, err, want, address)
	}
}
