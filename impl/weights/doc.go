// Package weights reads and writes the parameters of the models as .npz and
// .safetensors files, so that weights can be exchanged with JAX, PyTorch and
// NumPy programs.
//
// # Names and shapes
//
// One tensor for each block of model.Layout, row-major, features before
// outputs (row vectors multiply from the left, f = x W). S is the vocabulary
// size, T the sequence length, d_0 = S + T with tokens before positions.
//
//	disentangled  A{l}.{h}            d_l x d_l  score of head h of layer l, x_i^T A x_j; d_{l+1} = d_l (1 + heads of l)
//	              W                   d_L x S    read-out, f = softmax(x_T W)
//	reduced       A1                  T x T      position scores; entries above the diagonal are unused
//	              A2                  S x S      token scores
//	transformer   wte, wpe            S x d, T x d, with d = S + T
//	              A{l}, V{l}          d x d      scores and values of layer l
//	              mlp{l}.W0, mlp{l}.W1  d x d
//	              mlp{l}.b0, mlp{l}.b1  1 x d    a vector of d numbers is read too
//	              W                   d x S      read-out
//
// Names and shapes say which model it is and its S and T: see Infer. Numbers
// are written as float64 and read as float64 or float32; all must be finite. A
// tensor missing, left over, named twice or of another shape is an error of one
// line.
//
// The package trains nothing and measures nothing.
package weights
