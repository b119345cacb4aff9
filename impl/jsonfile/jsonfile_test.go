package jsonfile

import (
	"bytes"
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

type inner struct {
	Value float64  `json:"value"`
	Maybe *float64 `json:"maybe,omitempty"`
}

type sample struct {
	inner
	Name string             `json:"name"`
	Rows [][]float64        `json:"rows"`
	Map  map[string]float64 `json:"map,omitempty"`
	Any  any                `json:"any,omitempty"`
}

// What JSON has a spelling for is written as encoding/json writes it, byte for
// byte, and read as it reads it.
func TestFiniteDocumentsAreThoseOfEncodingJSON(t *testing.T) {
	third := 1.0 / 3
	for _, v := range []any{sample{}, sample{inner{1e21, &third}, "<é>\u2028\x01", [][]float64{{}, nil, {math.Copysign(0, -1), 5e-324, 1e-7}},
		map[string]float64{"b": 1, "a": math.MaxFloat64}, []any{1, "x", nil}}} {
		var want bytes.Buffer
		encoder := json.NewEncoder(&want)
		encoder.SetEscapeHTML(false)
		require.NoError(t, encoder.Encode(v))
		got, err := Encode(v)
		require.NoError(t, err)
		require.Equal(t, want.String(), string(got)+"\n")
		indented, err := json.MarshalIndent(v, "", " ")
		require.NoError(t, err)
		got, err = EncodeIndent(v)
		require.NoError(t, err)
		require.Equal(t, string(indented), string(got))
		var one, other sample
		require.NoError(t, json.Unmarshal(got, &one))
		require.NoError(t, DecodeStrict(got, &other))
		require.Equal(t, one, other)
	}
}

func TestEveryFloatHasASpellingAndReadsBack(t *testing.T) {
	inf := math.Inf(1)
	v := sample{inner{math.Inf(-1), &inf}, "NaN", [][]float64{{math.NaN(), 1}}, map[string]float64{"a": inf}, math.NaN()}
	text, err := Encode(v)
	require.NoError(t, err)
	require.Equal(t, `{"value":"-Inf","maybe":"+Inf","name":"NaN","rows":[["NaN",1]],"map":{"a":"+Inf"},"any":"NaN"}`, string(text))
	for _, decode := range []func([]byte, any) error{Decode, DecodeStrict} {
		var back sample
		require.NoError(t, decode(text, &back))
		again, err := Encode(back)
		require.NoError(t, err)
		require.Equal(t, string(text), string(again))
		require.True(t, math.IsNaN(back.Rows[0][0]))
		require.Equal(t, math.Inf(1), *back.Maybe)
		require.ErrorContains(t, decode([]byte(`{"value":"inf"}`), &back), `"inf" is no number, want one or "NaN", "+Inf", "-Inf"`)
		require.Error(t, decode([]byte(`{"value":1} 2`), &back))
	}
	var back sample
	require.NoError(t, Decode([]byte(`{"value":1,"more":2}`), &back))
	require.ErrorContains(t, DecodeStrict([]byte(`{"value":1,"more":2}`), &back), "more")
}

// FuzzDecode: any text is a document that is written and read as the same, or an
// error.
func FuzzDecode(f *testing.F) {
	for _, text := range []string{`{"value":"NaN","rows":[["+Inf",1e400]]}`, `{"value":"-Inf","maybe":null}`, `{"any":{"a":"NaN"}}`, `[`, `"\ud800"`, ``} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var one, other sample
		if DecodeStrict(text, &one) != nil {
			return
		}
		first, err := Encode(one)
		require.NoError(t, err)
		require.NoError(t, DecodeStrict(first, &other))
		second, err := Encode(other)
		require.NoError(t, err)
		require.Equal(t, string(first), string(second))
	})
}
