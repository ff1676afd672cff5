package phi

import "github.com/carebus/carebus/phi/internal/category"

// A Category says what kind of identifier was found. The zero Category means
// that nothing was found. The order is that of 45 CFR 164.514(b)(2)(i) as far
// as it goes. Its method String returns the category's name in lower snake case, such
// as "postal_code"; Group the coarse group that it belongs to: NAME, ADDRESS, PLACE,
// DATE, AGE, PHONE, EMAIL, URL, SSN, FINANCIAL, HEALTH_ID, OTHER_ID or NETWORK.
type Category = category.Category

// The categories of findings. Letters are the paragraphs of
// 45 CFR 164.514(b)(2)(i) that ask for their removal.
const (
	None          = category.None
	Name          = category.Name          // A: a person's name, initials, signature
	Address       = category.Address       // B: street, unit, post box
	Place         = category.Place         // B: city, county, facility: anything below a state
	Country       = category.Country       // a country: may stay, found so that a policy can take it out
	PostalCode    = category.PostalCode    // B: ZIP and foreign postal codes
	Geo           = category.Geo           // B: coordinates and other geocodes
	Date          = category.Date          // C: a date related to a person
	BirthDate     = category.BirthDate     // C: a date of birth
	Age           = category.Age           // C: an age over 89
	Phone         = category.Phone         // D, E: telephone, fax, pager
	Email         = category.Email         // F
	SSN           = category.SSN           // G: social security and taxpayer numbers
	MedicalRecord = category.MedicalRecord // H: medical record and chart numbers
	HealthPlan    = category.HealthPlan    // I: member, policy, group, MBI, Medicaid, authorization numbers
	Account       = category.Account       // J: bank accounts, claim and invoice numbers
	Card          = category.Card          // J: payment cards
	License       = category.License       // K: driver, professional, DEA, passport numbers
	Vehicle       = category.Vehicle       // L: VIN, plates
	Device        = category.Device        // M: serial numbers, UDI, IMEI, push tokens
	URL           = category.URL           // N
	Network       = category.Network       // O: IP and MAC addresses
	Biometric     = category.Biometric     // P
	Photo         = category.Photo         // Q: photographs and comparable images, recordings
	OtherID       = category.OtherID       // R: any other identifying number or code
	PersonID      = category.PersonID      // R: an internal id that stands for a person
	Secret        = category.Secret        // passwords, tokens, keys: never identifying, never to be kept
	Psychotherapy = category.Psychotherapy // psychotherapy and SUD counseling notes, 45 CFR 164.501 and 42 CFR 2.11
	Custom        = category.Custom        // found by a rule of the user's policy
)

// ParseCategory is the inverse of Category's String.
func ParseCategory(s string) (Category, error) { return category.Parse(s) }
