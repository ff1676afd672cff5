// Package category holds the categories of findings, which package phi exports, for
// the packages that it is made of.
package category

import "errors"

var errUnknownCategory = errors.New("phi: unknown category")

// A Category says what kind of identifier was found. The zero Category means
// that nothing was found. The order is that of 45 CFR 164.514(b)(2)(i) as far
// as it goes.
type Category uint8

// The categories, which package phi describes.
const (
	None Category = iota
	Name
	Address
	Place
	Country
	PostalCode
	Geo
	Date
	BirthDate
	Age
	Phone
	Email
	SSN
	MedicalRecord
	HealthPlan
	Account
	Card
	License
	Vehicle
	Device
	URL
	Network
	Biometric
	Photo
	OtherID
	PersonID
	Secret
	Psychotherapy
	Custom
	Count = iota
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
