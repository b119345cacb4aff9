package fault

import "causalgrad/props/implaws"

// writing replaces implaws.Writer.
type writing func(own implaws.Writer, name string, data []byte, fresh bool) error

// WriteWhole implements implaws.Writer.
func (v *variant) WriteWhole(name string, data []byte, fresh bool) error {
	s, err := capable[implaws.Writer](v)
	if err != nil {
		return err
	}
	if v.write == nil {
		return s.WriteWhole(name, data, fresh)
	}
	return v.write(s, name, data, fresh)
}

// CheckWritable implements implaws.Writer.
func (v *variant) CheckWritable(name string) error {
	s, err := capable[implaws.Writer](v)
	if err != nil {
		return err
	}
	if v.checked == nil {
		return s.CheckWritable(name)
	}
	return v.checked(s, name)
}
