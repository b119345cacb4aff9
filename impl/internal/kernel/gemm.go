package kernel

import "math"

// Operand is the left factor of a product: element (i, k) is
// Data[i*Row+k*Col], so that a matrix and its transpose are both at hand.
type Operand struct {
	Data     []float64
	Row, Col int
}

// Gemm adds the product of a (m x n inner) and b to c:
//
//	c[i][j] += sum over k < inner of a(i, k) b[k][j],  i < m, j < n.
//
// c and b are row-major with strides ldc and ldb; m and n are multiples of
// Lanes. Each element is one chain of fused steps in the order of k that starts
// from c[i][j], so splitting the inner dimension over calls changes no bit.
func Gemm(c []float64, ldc int, a Operand, b []float64, ldb, m, n, inner int) {
	if m == 0 || n == 0 || inner == 0 {
		return
	}
	if m%Lanes != 0 || n%Lanes != 0 {
		panic("kernel: Gemm: m and n must be multiples of 4")
	}
	_, _, _ = c[(m-1)*ldc+n-1], a.Data[(m-1)*a.Row+(inner-1)*a.Col], b[(inner-1)*ldb+n-1]
	if wide() {
		gemmAVX512(&c[0], ldc, &a.Data[0], a.Row, a.Col, &b[0], ldb, m, n, inner)
		return
	}
	if vector() {
		gemmAVX2(&c[0], ldc, &a.Data[0], a.Row, a.Col, &b[0], ldb, m, n, inner)
		return
	}
	gemmPortable(c, ldc, a, b, ldb, m, n, inner)
}

func gemmPortable(c []float64, ldc int, a Operand, b []float64, ldb, m, n, inner int) {
	for i := 0; i < m; i += 2 {
		for j := 0; j < n; j += Lanes {
			top, bottom := (*[4]float64)(c[i*ldc+j:]), (*[4]float64)(c[(i+1)*ldc+j:])
			t0, t1, t2, t3 := top[0], top[1], top[2], top[3]
			b0, b1, b2, b3 := bottom[0], bottom[1], bottom[2], bottom[3]
			at, from := i*a.Row, j
			for range inner {
				x, y, v := a.Data[at], a.Data[at+a.Row], (*[4]float64)(b[from:])
				t0, b0 = math.FMA(x, v[0], t0), math.FMA(y, v[0], b0)
				t1, b1 = math.FMA(x, v[1], t1), math.FMA(y, v[1], b1)
				t2, b2 = math.FMA(x, v[2], t2), math.FMA(y, v[2], b2)
				t3, b3 = math.FMA(x, v[3], t3), math.FMA(y, v[3], b3)
				at += a.Col
				from += ldb
			}
			*top, *bottom = [4]float64{t0, t1, t2, t3}, [4]float64{b0, b1, b2, b3}
		}
	}
}

// Add2 adds src to x and to y, all of one length, a multiple of Lanes.
func Add2(x, y, src []float64) {
	if len(src) == 0 {
		return
	}
	checkLanes(len(src))
	x, y = x[:len(src)], y[:len(src)]
	if vector() {
		add2AVX2(&x[0], &y[0], &src[0], len(src))
		return
	}
	for i, v := range src {
		x[i] += v
		y[i] += v
	}
}

// AddRows adds rows rows of cols numbers of src to those of dst.
func AddRows(dst, src Rows, rows, cols int) {
	if rows == 0 || cols == 0 {
		return
	}
	dst.check(rows, cols)
	src.check(rows, cols)
	if vector() {
		addRowsAVX2(&dst.Data[0], dst.Step, &src.Data[0], src.Step, cols, rows)
		return
	}
	for i := range rows {
		x := dst.Row(i)[:cols]
		for j, v := range src.Row(i)[:cols] {
			x[j] += v
		}
	}
}
