package ndarray

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"
)

// WriteNPY is a .npy file of float64 numbers, row-major, of any shape.
func WriteNPY(shape []int, data []float64) []byte {
	sizes := make([]string, len(shape))
	for i, n := range shape {
		sizes[i] = fmt.Sprint(n)
	}
	tuple := strings.Join(sizes, ", ")
	if len(shape) == 1 {
		tuple += ","
	}
	header := fmt.Sprintf("{'descr': '<f8', 'fortran_order': False, 'shape': (%s), }", tuple)
	// NumPy aligns the numbers to 64 bytes; the first 10 are the magic and the length.
	header += strings.Repeat(" ", 63-(10+len(header))%64) + "\n"
	file := append([]byte("\x93NUMPY\x01\x00"), byte(len(header)), byte(len(header)>>8))
	file = append(file, header...)
	for _, v := range data {
		file = binary.LittleEndian.AppendUint64(file, math.Float64bits(v))
	}
	return file
}
