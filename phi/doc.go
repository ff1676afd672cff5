// Package phi removes protected health information (PHI) from encoded JSON and
// from text, without a model and without a network.
//
//	s, err := phi.New(phi.Config{Key: key, Profile: phi.SafeHarbor})
//	out, report, err := s.ScrubJSON(nil, event)
//
// # What is looked for
//
// The identifiers of the Safe Harbor method, 45 CFR 164.514(b)(2)(i), by
// [Category]; secrets, which identify nobody and must not travel either; and
// psychotherapy notes (45 CFR 164.501) and SUD counseling notes (42 CFR 2.11),
// which are dropped whole under every profile.
//
// # How
//
// A JSON value is parsed into a tape of nodes. One walk gives each node a
// meaning, one pass writes the result; what stays is copied as it is, byte for
// byte. Meaning comes from
//
//   - the key and the keys around it: patient.name is a name, drug.name is not
//     (the lexicon holds those of FHIR, HL7 v2 and practice systems; case,
//     separators, prefixes and numbering don't matter),
//   - a sibling: {"key":"ssn","value":…}, a FHIR extension's url, a question's
//     text, identifier and telecom,
//   - the rest of the event: a name, a number or an address that one field declares is
//     scrubbed everywhere in the event, as is a name that prose makes certain. Everyday
//     words and words of three letters are not,
//   - the text itself, under keys that declare nothing.
//
// The scrubber also looks into strings that hold JSON, base64, data URIs, markup or
// HL7 v2 messages. Keys can be findings too: addresses, and numbers under names such
// as patients and by_mrn. Binary data that can't be read is dropped, and JSON that is
// nested too deep is refused: what can't be scrubbed doesn't pass.
//
// Text is split into tokens. Recognizers look at their shape, at the words around
// them and, in doubt, at check digits. Names and places are found by lists, shape and
// context. Prose in capitals alone, or in small letters alone, is first given its usual
// case. Codes, digests, UUIDs, versions, doses, scores, eponyms and drug names stay.
//
// # What stands in place of a finding
//
//	[NAME]                               Redact, Drop; the category in capitals
//	[DATE:1984] [POSTAL_CODE:021] [AGE:90+]   Generalize, in text
//	1984, 021, 90+                       Generalize, in a field that its key declares
//	***-***-***                          Mask
//	phi_<key id>_<category>_<26 characters>   Pseudonym: base32 of 128 bits of
//	    HMAC-SHA256(key, "carebus/phi/1" 0 tenant 0 category 0 value in lower case)
//	null                                 a number, other than Pseudonym and Keep
//
// Pseudonyms join within a tenant and category, and only there. They are derived
// from the value, so they are not de-identified data under 164.514(c):
// [SafeHarbor] makes none and removes those it meets.
//
// # What is promised
//
// Valid JSON comes out as valid JSON with the same objects, arrays and members;
// a number may become null or a pseudonym in quotes. Scrubbing twice
// changes nothing. The same input gives the same output in every process with
// the same configuration. Time is linear in the input. Neither errors nor
// [Report] hold a value, a hash or a pseudonym. A [Scrubber] is safe for
// concurrent use.
//
// What has no shape, no context and no field name can't be found this way. The
// package is a strong layer, not a legal determination.
package phi

// Where things are, in the order in which data flows:
//
//	scrubber policy policyfile profile action category    a call, and what is configured
//	tape unquote scratch                                  bytes become nodes
//	heads phrases clean                                   what is alike in the next value isn't looked at again
//	event walk* survey mapkeys table delimited sql declared learn   a node gets its meaning from what stands around it,
//	listed                                                and from what the lists say of a word
//	emit* keys apply pseudonym shift reference            the result is written
//	embed base64 form messages contentlines               what strings hold that is no prose
//	markup* view pipetable
//	report explain errors log                             what is told, never a value
//
// and, below internal, each knowing only what stands above it:
//
//	chars/     what the bytes of a text are
//	category/  the categories of findings
//	mark/      what stands in place of a finding, and how it is known again
//	words/     names, everyday words, cities and medicines, by lists
//	cue/       everyday words that say something about the words around them
//	lexicon/   what keys, columns and labels say
//	detect/    finds identifiers in text
