package words

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCounted(t *testing.T) {
	require.Equal(t, []string{"0 cells", "1 cell", "2 cells", "1 quantity", "3 quantities"},
		[]string{Counted(0, "cell"), Counted(1, "cell"), Counted(2, "cell"), Counted(1, "quantity"), Counted(3, "quantity")})
}

func TestLists(t *testing.T) {
	require.Equal(t, []string{"", "a", "a or b", "a, b or c"},
		[]string{Listed(nil, "or"), Listed([]string{"a"}, "or"), Listed([]string{"a", "b"}, "or"), Listed([]string{"a", "b", "c"}, "or")})
	require.Equal(t, "a, b, c, d, e and f", Few([]string{"a", "b", "c", "d", "e", "f"}))
	require.Equal(t, "a, b, c, d, e and 2 more", Few([]string{"a", "b", "c", "d", "e", "f", "g"}))
}
