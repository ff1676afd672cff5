package phi

// The elements of a driver's licence or identity card as a scan of its barcode has them:
// {"DCS":"ROE","DAC":"ANN","DBB":"08151978"} (AAMVA DL/ID Card Design Standard 2020, D.12.5).

// fewFields is how many elements tell that an object is a licence: one or two may be
// other codes of three letters.
const fewFields = 4

// isLicence reports whether an object's keys are those of a licence.
func (v *survey) isLicence() bool { return v.licence >= fewFields && v.licensee }

// tellsLicensee reports whether an element tells whose the licence is: the surname, the date of
// birth, the number.
func tellsLicensee(key []byte) bool {
	switch string(key) {
	case "DCS", "DBB", "DAQ":
		return true
	}
	return false
}

// licenceField returns the category of an element, or None.
func licenceField(key []byte) Category {
	if len(key) != 3 || key[0] != 'D' {
		return None
	}
	switch string(key) {
	case "DCS", "DAC", "DAD", "DCT", "DAA", "DAB", "DBN", "DBG", "DBO", "DBP", "DBQ", "DBR":
		return Name
	case "DBB":
		return BirthDate
	case "DBA", "DBD", "DDH", "DDI", "DDJ":
		return Date
	case "DAG", "DAH", "DAL", "DAM":
		return Address
	case "DAI", "DAN":
		return Place
	case "DAK", "DAP":
		return PostalCode
	case "DAQ", "DCF", "DCK", "DCJ":
		return License
	}
	return None
}
