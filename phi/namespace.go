package phi

import "strings"

// namespaces are hosts whose URLs name a vocabulary rather than a person, some
// only below a path.
var namespaces = func() *dictionary[string] {
	d := dictionaryOf[string](nil)
	for n := range strings.FieldsSeq(`hl7.org loinc.org snomed.info unitsofmeasure.org w3.org nlm.nih.gov bluebutton.cms.gov smarthealthit.org ihe.net
		standardhealthrecord.org nucc.org ama-assn.org iana.org ietf.org schema.org json-schema.org purl.org oid-info.com who.int cdc.gov
		github.com/synthetichealth synthetichealth.github.io x12.org cms.gov dicom.nema.org fda.gov regenstrief.org ncpdp.org openehr.org xmlns.com`) {
		host, path, _ := strings.Cut(n, "/")
		d.set(host, path)
	}
	return d
}()

// isNamespace reports whether a URL or URN names a vocabulary.
func isNamespace(s string) bool {
	if strings.HasPrefix(s, "urn:") {
		return true
	}
	_, rest, ok := strings.Cut(s, "://")
	if !ok || strings.IndexByte(rest, '?') >= 0 || strings.IndexByte(rest, '@') >= 0 {
		return false
	}
	end := 0
	for end < len(rest) && rest[end] != '/' && rest[end] != '#' && rest[end] != ':' {
		end++
	}
	for host := rest[:end]; ; { // the host, then the domains above it
		path, ok := namespaces.get(asBytes(host))
		if ok && (path == "" || strings.HasPrefix(rest[end:], "/") && strings.HasPrefix(rest[end+1:], path)) {
			return true
		}
		if _, host, ok = strings.Cut(host, "."); !ok {
			return false
		}
	}
}

// vocabulary reports whether all of text is a URL of a vocabulary, in ASCII. As
// the scanner protects such a URL, only known values can stand in it.
func vocabulary(text string) bool {
	rest, ok := strings.CutPrefix(text, "http")
	if !ok {
		return false
	}
	rest = strings.TrimPrefix(rest, "s")
	return strings.HasPrefix(rest, "://") && firstHigh(text) == len(text) && urlEnd(text, 0) == len(text) && isNamespace(text)
}
