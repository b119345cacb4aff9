// Package weights reads and writes the parameters of the models as .npz and
// .safetensors files, and reads flax's .msgpack, so that weights can be exchanged
// with JAX, PyTorch and NumPy programs and with the official code.
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
// Names and shapes say which model it is and its S and T: see Infer. The official
// code keeps the heads of a layer in one A{l} of shape (heads, d, d), which is
// read as A{l}.0, A{l}.1, ... and written on demand (Official). Read also knows
// how trees spell names (A[0], .A.0, params/A/0, mlps[0].layers[1].b), a prefix
// of all names, and tensors without names in the order of JAX's leaves (arr_0,
// arr_1, ...), and says in a note what it took for what.
//
// Numbers are written as float64 and read in any real type of NumPy, and as
// bfloat16, widened exactly; all must be finite. A tensor missing, left over,
// named twice, transposed or of another shape is an error of one line. A pickle
// is refused, because loading one runs code.
//
// The package trains nothing and measures nothing.
package weights
