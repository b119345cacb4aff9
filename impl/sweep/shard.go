package sweep

import (
	"fmt"
	"strconv"
	"strings"
)

// Shard is one of the parts into which the cells are dealt out. It depends on
// the cells alone, not on what is done, so that shards may start at any time.
type Shard struct{ Number, Of int } // 1 <= Number <= Of

// ParseShard reads "i/n" with 1 <= i <= n; "" is the whole, 1/1.
func ParseShard(text string) (Shard, error) {
	if text == "" {
		return Shard{1, 1}, nil
	}
	left, right, _ := strings.Cut(text, "/")
	number, err := strconv.Atoi(left)
	of, errOf := strconv.Atoi(right)
	if err != nil || errOf != nil || number < 1 || number > of || of > MaxCells {
		return Shard{}, fmt.Errorf("shard %q, want i/n with 1 <= i <= n <= %d", text, MaxCells)
	}
	return Shard{number, of}, nil
}

// Cells deals the cells out in turn: this shard gets every Of-th.
func (s Shard) Cells(cells []Cell) []Cell {
	var own []Cell
	for i := s.Number - 1; i < len(cells); i += s.Of {
		own = append(own, cells[i])
	}
	return own
}
