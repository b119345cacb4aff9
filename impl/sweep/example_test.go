package sweep

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

func TestTheExampleGridIsValidAndHasTheCellsItSays(t *testing.T) {
	g, err := Load("example/grid.yaml")
	require.NoError(t, err)
	require.NoError(t, g.Validate())
	require.Len(t, g.Cells, 98)
	require.Empty(t, g.Notes)
}

// The matrix of the example workflow has as many shards as its command says.
func TestTheExampleWorkflowRunsEveryShardOnce(t *testing.T) {
	data, err := os.ReadFile("example/workflow.yaml")
	require.NoError(t, err)
	var workflow struct {
		Jobs struct {
			Part struct {
				Strategy struct {
					Matrix struct{ Shard []int }
				}
			}
		}
	}
	require.NoError(t, yaml.Unmarshal(data, &workflow))
	of := regexp.MustCompile(`--shard \$\{\{ matrix\.shard \}\}/(\d+) `).FindSubmatch(data)
	require.NotNil(t, of)
	n, err := strconv.Atoi(string(of[1]))
	require.NoError(t, err)
	require.Len(t, workflow.Jobs.Part.Strategy.Matrix.Shard, n)
	for i, shard := range workflow.Jobs.Part.Strategy.Matrix.Shard {
		require.Equal(t, i+1, shard)
		_, err := ParseShard(fmt.Sprintf("%d/%d", shard, n))
		require.NoError(t, err)
	}
}
