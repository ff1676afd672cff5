package lexicon

import (
	"bytes"
	"strings"

	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/words"
)

// namespaces are hosts whose URLs name a vocabulary rather than a person, some
// only below a path.
var namespaces = func() *words.Dictionary[string] {
	d := words.DictionaryOf[string](nil)
	for n := range strings.FieldsSeq(`hl7.org loinc.org snomed.info unitsofmeasure.org w3.org nlm.nih.gov bluebutton.cms.gov smarthealthit.org ihe.net
		standardhealthrecord.org nucc.org ama-assn.org iana.org ietf.org schema.org json-schema.org purl.org oid-info.com who.int cdc.gov
		github.com/synthetichealth synthetichealth.github.io x12.org cms.gov dicom.nema.org fda.gov regenstrief.org ncpdp.org openehr.org xmlns.com schemas.xmlsoap.org`) {
		host, path, _ := strings.Cut(n, "/")
		d.Set(host, path)
	}
	return d
}()

// IsNamespace reports whether a URL or URN names a vocabulary, or a FHIR artifact.
func IsNamespace(s string) bool {
	if strings.HasPrefix(s, "urn:") {
		return true
	}
	_, rest, ok := strings.Cut(s, "://")
	return ok && strings.IndexByte(rest, '?') < 0 && strings.IndexByte(rest, '@') < 0 && (isPublisher(rest) || definesArtifact(rest))
}

// isPublisher reports whether a URL without its scheme is one of the publishers of
// vocabularies.
func isPublisher(rest string) bool {
	end := 0
	for end < len(rest) && rest[end] != '/' && rest[end] != '#' && rest[end] != ':' {
		end++
	}
	for host := rest[:end]; ; { // the host, then the domains above it
		path, ok := namespaces.Get(chars.Bytes(host))
		if ok && (path == "" || strings.HasPrefix(rest[end:], "/") && strings.HasPrefix(rest[end+1:], path)) {
			return true
		}
		if _, host, ok = strings.Cut(host, "."); !ok {
			return false
		}
	}
}

// definesArtifact reports whether the URL that holds rest is the canonical one of a FHIR
// artifact, https://hl7.org/fhir/R5/canonicalresource.html, whoever publishes it.
func definesArtifact(rest string) bool {
	for {
		_, after, ok := strings.Cut(rest, "/")
		if !ok {
			return false
		}
		kind, _, more := strings.Cut(after, "/")
		if more && canonicalKinds.Has(chars.Bytes(kind)) {
			return true
		}
		rest = after
	}
}

var canonicalKinds = words.KeySet(`StructureDefinition CodeSystem ValueSet ConceptMap NamingSystem Questionnaire PlanDefinition ActivityDefinition Measure
	SearchParameter OperationDefinition CapabilityStatement ImplementationGuide MessageDefinition ChargeItemDefinition ObservationDefinition`)

// NamesSystem reports whether text is a URL that may name a system, a type or an
// extension: it has no query, no user and no long number.
func NamesSystem(text []byte) bool {
	rest, ok := bytes.CutPrefix(text, []byte("http"))
	if !ok || !bytes.HasPrefix(bytes.TrimPrefix(rest, []byte("s")), []byte("://")) {
		return false
	}
	digits := 0
	for _, c := range rest {
		switch {
		case chars.IsDigit(c):
			if digits++; digits >= 5 {
				return false
			}
		case c == '?' || c == '@' || c == '[' || c <= ' ' || c >= 0x80 || c == '\\':
			return false
		default:
			digits = 0
		}
	}
	return true
}

// IsVocabulary reports whether all of text is a URL of a vocabulary, in ASCII. As
// the scanner protects such a URL, only known values can stand in it.
func IsVocabulary(text string) bool {
	rest, ok := strings.CutPrefix(text, "http")
	if !ok {
		return false
	}
	rest = strings.TrimPrefix(rest, "s")
	return strings.HasPrefix(rest, "://") && chars.FirstHigh(text) == len(text) &&
		URLEnd(text, 0) == len(text) && IsNamespace(text)
}

// URLEnd returns where the URL that reaches to index end ends.
func URLEnd(text string, end int) int {
	for end < len(text) && !endsURL[text[end]] {
		end++
	}
	for end > 0 && strings.IndexByte(".,;:!?)]'", text[end-1]) >= 0 {
		end--
	}
	return end
}

// endsURL are the bytes that can't stand in a URL (RFC 3986, appendix A).
var endsURL = func() (t [256]bool) {
	for c := range byte(' ' + 1) {
		t[c] = true
	}
	for _, c := range []byte("\"<>\\`{}|^") {
		t[c] = true
	}
	return
}()
