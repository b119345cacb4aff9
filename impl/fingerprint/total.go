package fingerprint

import (
	"crypto/sha256"
	"encoding/hex"
)

// Total is one digest of all entries, in hexadecimal: of their names and
// digests in their order.
func Total(entries []Entry) string {
	h := sha256.New()
	for _, e := range entries {
		h.Write([]byte(e.ID + "=" + e.Digest + "\n")) // a hash never fails
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Differences names the entries of got that are missing, different or not in
// the golden ones.
func Differences(golden, got []Entry) []string {
	var names []string
	digest := map[string]string{} // only looked up
	for _, e := range got {
		digest[e.ID] = e.Digest
	}
	known := map[string]bool{}
	for _, e := range golden {
		known[e.ID] = true
		if d, ok := digest[e.ID]; !ok {
			names = append(names, e.ID+" (missing)")
		} else if d != e.Digest {
			names = append(names, e.ID)
		}
	}
	for _, e := range got {
		if !known[e.ID] {
			names = append(names, e.ID+" (not in the golden)")
		}
	}
	return names
}
