package theorylaws

import (
	"fmt"
	"math"
	"math/big"
	"strconv"

	"causalgrad/props"
	"causalgrad/props/gen"
	"causalgrad/theory/ndarray"
	"pgregory.net/rapid"
)

// arrayLaws are about arrays that other programs wrote.
func arrayLaws() []props.Law {
	needs := []props.Capability{CanReadArrays}
	return []props.Law{
		{ID: "array-round-trip", Source: "NumPy's .npy format", Needs: needs, Check: arrayRoundTrip,
			Sentence: "An array written by hand is read with the same shape and bits, whatever its type, byte order, index order and version."},
		{ID: "array-length", Source: "NumPy's .npy format", Needs: needs, Check: arrayLength,
			Sentence: "A .npy file that lacks bytes, or has some too many, is refused in one line."},
		{ID: "array-header", Source: "NumPy's .npy format", Needs: needs, Check: arrayHeader,
			Sentence: "A .npy file of another type, or of a shape that is none or beyond the bound, is refused."},
		{ID: "array-damaged", Source: "NumPy's .npy format", Needs: needs, Check: arrayDamaged,
			Sentence: "A damaged .npy file is refused in one line or is an array with as many numbers as its shape says."},
		{ID: "array-elements", Source: "definition", Needs: needs, Check: arrayElements,
			Sentence: "The number of elements is the product of the sizes, refused where it or a size is above the bound, or a size negative."},
	}
}

func arraysOf(s props.Subject) Arrays { return s.(ArrayReader).Arrays() }

func npyCase(a gen.NPY) props.Case {
	return props.Case{}.Where("a .npy file of type %s, fortran_order %v, shape %v, version %d, with %v", a.Descr(), a.Fortran, a.Shape, a.Version, a.Data)
}

func arrayRoundTrip(t *rapid.T, s props.Subject) {
	a := gen.Arrays().Draw(t, "array")
	c := npyCase(a)
	got := props.Ask(t, c, "array", func() (ndarray.Array, error) { return arraysOf(s).ReadNPY(a.Bytes()) })
	props.Equal(t, c, "shape", got.Shape, a.Shape)
	props.Equal(t, c, "numbers", props.BitsOf(got.Data), props.BitsOf(a.Data))
}

func arrayLength(t *rapid.T, s props.Subject) {
	a := gen.Arrays().Draw(t, "array")
	file := a.Bytes()
	if rapid.Bool().Draw(t, "longer") {
		file = append(file, make([]byte, rapid.IntRange(1, 9).Draw(t, "bytes"))...)
	} else {
		file = file[:len(file)-rapid.IntRange(1, len(file)).Draw(t, "missing")]
	}
	props.Refuses(t, npyCase(a).Where("cut or extended to %d bytes", len(file)), "array", func() (ndarray.Array, error) { return arraysOf(s).ReadNPY(file) })
}

func arrayHeader(t *rapid.T, s props.Subject) {
	a := gen.Arrays().Draw(t, "array")
	var file []byte
	var word string
	if rapid.Bool().Draw(t, "type") {
		word = rapid.SampledFrom([]string{"i8", "u4", "c16", "i2", "b1", "f2"}).Draw(t, "descr")
		file = a.WithHeader("<"+word, "(2,)")
	} else {
		size := rapid.IntRange(ndarray.MaxElements+1, math.MaxInt).Draw(t, "size")
		shape := rapid.SampledFrom([]string{"(%d,)", "(2, %d)", "(%d, 3, 5)"}).Draw(t, "dimensions")
		word = "shape"
		file = a.WithHeader(a.Descr(), fmt.Sprintf(shape, size))
	}
	props.Refuses(t, npyCase(a).Where("with %q in its header", word), "array", func() (ndarray.Array, error) { return arraysOf(s).ReadNPY(file) }, word)
}

func arrayDamaged(t *rapid.T, s props.Subject) {
	a := gen.Arrays().Draw(t, "array")
	file := gen.Damaged(a.Bytes()).Draw(t, "damaged")
	c := npyCase(a).Where("damaged to %q", file)
	if got, ok := props.Either(t, c, "array", func() (ndarray.Array, error) { return arraysOf(s).ReadNPY(file) }); ok {
		n, whole := elements(got.Shape)
		props.Demand(t, c, whole && n == len(got.Data), "numbers", fmt.Sprintf("the product of %v", got.Shape), strconv.Itoa(len(got.Data)))
	}
}

// elements is the product of sizes in exact arithmetic.
func elements(shape []int) (n int, ok bool) {
	product := big.NewInt(1)
	for _, size := range shape {
		if size < 0 {
			return 0, false
		}
		product.Mul(product, big.NewInt(int64(size)))
	}
	if product.Cmp(big.NewInt(ndarray.MaxElements)) > 0 {
		return 0, false
	}
	return int(product.Int64()), true
}

func arrayElements(t *rapid.T, s props.Subject) {
	size := rapid.OneOf(rapid.IntRange(0, 2), rapid.IntRange(3, 9), rapid.IntRange(1<<14, 1<<17), rapid.IntRange(-2, math.MaxInt))
	shape := rapid.SliceOfN(size, 0, 4).Draw(t, "shape")
	want, wantOK := elements(shape)
	// A size of 0 makes an empty array, but the other sizes must still be sizes.
	for _, n := range shape {
		wantOK = wantOK && n <= ndarray.MaxElements
	}
	c := props.Case{}.Where("shape %v", shape)
	type answer struct {
		n  int
		ok bool
	}
	got := props.Ask(t, c, "elements", func() (answer, error) {
		n, ok := arraysOf(s).Elements(shape)
		return answer{n, ok}, nil
	})
	props.Demand(t, c, got.ok == wantOK, "a size", fmt.Sprint(wantOK), fmt.Sprint(got.ok))
	if wantOK {
		props.Equal(t, c, "elements", []int{got.n}, []int{want})
	}
}
