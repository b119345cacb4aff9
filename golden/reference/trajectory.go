package reference

import (
	"fmt"
	"strings"
)

// Trajectory is one official training run in float32.
type Trajectory struct {
	origin
	Architecture
	Problem   Problem
	RunName   string
	Optimizer string
	LR, Decay float64
	Schedule  string
	Batch     int // sequences a step
	Steps     int
	Seed      int

	Checkpoints []Checkpoint // the first before any step, the last after all
	TrainLoss   []StepLoss
	Test        Evaluation // final parameters on sequences of the training prior
	Shifted     []Shifted  // and of other concentrations

	// The first layer's weights at the end, [head][query][key].
	PositionSoftmax [][]float64 // softmax of the position-position block alone
	MeanAttention   [][]float64 // mean over AttentionN test sequences
	// Position and Attention summarise the two on the edges of a forest. For a
	// DAG, whose summary has another form, they are empty.
	Position, Attention EdgeSummary
	Params              Params
}

// AttentionN is the number of sequences of a MeanAttention.
const AttentionN = 4096

// Checkpoint is the state after Step steps.
type Checkpoint struct {
	Step                int
	Loss                float64 // test loss
	Position, Attention EdgeSummary
}

// StepLoss is the training loss of one step's batch.
type StepLoss struct {
	Step int
	Loss float64
}

// EdgeSummary is the weight on the parent over all edges. Checkpoints have only
// Mean and Argmax.
type EdgeSummary struct {
	Mean, Min float64
	Argmax    float64 // share of children whose largest weight (up to themselves) is on the parent
	Children  []int
	Weights   []float64
}

// Evaluation holds means over N sequences, losses in nats.
type Evaluation struct {
	Alpha    float64
	N        int
	Loss     float64 // of the model
	Official float64 // of the count estimator with the official wrap
	Count    float64 // of the count estimator
	Entropy  float64 // irreducible
	SupError float64 // max_s |f_s - y_s| of the model
	Accuracy float64 // share of sequences with argmax f = argmax y
}

// Shifted is an Evaluation at a concentration of its own.
type Shifted struct {
	Evaluation
	CountSupError float64 // max_s |f_s - y_s| of the count estimator
	TrainAlpha    float64 // loss of the count estimator with the training prior's alpha
}

// Trajectories returns the official runs that ship with the program.
func Trajectories() ([]*Trajectory, error) {
	var runs []*Trajectory
	for _, name := range Files() {
		if !strings.HasPrefix(name, "traj_") {
			continue
		}
		file, err := openShipped(name)
		if err != nil {
			return nil, err
		}
		run, ok := file.(*Trajectory)
		if !ok {
			return nil, fmt.Errorf("file %s: holds %s, want a training run", name, file.Kind())
		}
		runs = append(runs, run)
	}
	return runs, nil
}
