// Package plain is a second implementation of everything a Subject can do,
// written for clarity alone: clear loops over dense arrays, no tables, no
// sharing of work. It serves twice.
//
// Without a slip it is an independent oracle: it shares nothing with impl and
// theory but the random stream, and its tests require it to agree with the
// built-in subject. With a slip it makes one named mistake, at the place where
// a person would make it; package fault plants these.
//
// It knows the disentangled and the reduced model, not the transformer with an
// MLP. It is slow, it allocates freely, its bits are not part of the
// determinism contract, and it never validates what a user could type: the
// built-in subject does.
package plain

// Slip names one mistake; None is the right implementation. A slip's name is
// the fault's identifier.
type Slip string

// None makes no mistake.
const None Slip = ""
