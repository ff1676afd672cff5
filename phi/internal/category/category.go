// Package category holds the categories of findings, which package phi exports, for
// the packages that it is made of.
package category

import "errors"

var errUnknownCategory = errors.New("phi: unknown category")

// A Category says what kind of identifier was found. The zero Category means
// that nothing was found. The order is that of 45 CFR 164.514(b)(2)(i) as far
// as it goes.
type Category uint8

// The categories of findings. Letters are the paragraphs of
// 45 CFR 164.514(b)(2)(i) that ask for their removal.
const (
	None          Category = iota
	Name                   // A: a person's name, initials, signature
	Address                // B: street, unit, post box
	Place                  // B: city, county, facility: anything below a state
	Country                // a country: may stay, found so that a policy can take it out
	PostalCode             // B: ZIP and foreign postal codes
	Geo                    // B: coordinates and other geocodes
	Date                   // C: a date related to a person
	BirthDate              // C: a date of birth
	Age                    // C: an age over 89
	Phone                  // D, E: telephone, fax, pager
	Email                  // F
	SSN                    // G: social security and taxpayer numbers
	MedicalRecord          // H: medical record and chart numbers
	HealthPlan             // I: member, policy, group, MBI, Medicaid, authorization numbers
	Account                // J: bank accounts, claim and invoice numbers
	Card                   // J: payment cards
	License                // K: driver, professional, DEA, passport numbers
	Vehicle                // L: VIN, plates
	Device                 // M: serial numbers, UDI, IMEI, push tokens
	URL                    // N
	Network                // O: IP and MAC addresses
	Biometric              // P
	Photo                  // Q: photographs and comparable images, recordings
	OtherID                // R: any other identifying number or code
	PersonID               // R: an internal id that stands for a person
	Secret                 // passwords, tokens, keys: never identifying, never to be kept
	Psychotherapy          // psychotherapy and SUD counseling notes, 45 CFR 164.501 and 42 CFR 2.11
	Custom                 // found by a rule of the user's policy
	Count         = iota
)

// Names are the names of the categories, in their order.
var Names = [Count]string{
	"none", "name", "address", "place", "country", "postal_code", "geo", "date", "birth_date", "age", "phone", "email",
	"ssn", "medical_record", "health_plan", "account", "card", "license", "vehicle", "device", "url", "network",
	"biometric", "photo", "other_id", "person_id", "secret", "psychotherapy", "custom",
}

var categoryGroups = [Count]string{
	"", "NAME", "ADDRESS", "PLACE", "PLACE", "ADDRESS", "PLACE", "DATE", "DATE", "AGE", "PHONE", "EMAIL",
	"SSN", "HEALTH_ID", "HEALTH_ID", "FINANCIAL", "FINANCIAL", "OTHER_ID", "OTHER_ID", "OTHER_ID", "URL", "NETWORK",
	"OTHER_ID", "OTHER_ID", "OTHER_ID", "OTHER_ID", "OTHER_ID", "OTHER_ID", "OTHER_ID",
}

// String returns the category's name in lower snake case, such as "postal_code".
func (c Category) String() string {
	if int(c) >= Count {
		return "unknown"
	}
	return Names[c]
}

// Group returns the coarse group that the category belongs to: NAME, ADDRESS,
// PLACE, DATE, AGE, PHONE, EMAIL, URL, SSN, FINANCIAL, HEALTH_ID, OTHER_ID or
// NETWORK.
func (c Category) Group() string {
	if int(c) >= Count {
		return ""
	}
	return categoryGroups[c]
}

// Parse is the inverse of [Category.String].
func Parse(s string) (Category, error) {
	for i, n := range Names {
		if i > 0 && n == s {
			return Category(i), nil
		}
	}
	return None, errUnknownCategory
}

// Absorbing reports whether a category is dropped with all that stands in it.
func Absorbing(cat Category) bool {
	return cat == Psychotherapy || cat == Secret || cat == Biometric || cat == Photo
}
