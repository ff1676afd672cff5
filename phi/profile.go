package phi

import "github.com/carebus/carebus/phi/internal/category"

// Profile is a named set of actions. The zero Profile is Operational.
type Profile uint8

// The profiles, from the loosest to the strictest.
const (
	// Operational is for the bus: direct identifiers are removed, opaque
	// internal ids and event dates stay so that consumers can do their work.
	Operational Profile = iota
	// LimitedDataSet follows 45 CFR 164.514(e): dates, city, state and ZIP may
	// stay, ids of persons become keyed pseudonyms.
	LimitedDataSet
	// SafeHarbor follows 45 CFR 164.514(b)(2): dates become years, ages over 89
	// become one class, ZIPs their first three digits, and no code derived from
	// a value stands in its place.
	SafeHarbor
	numProfiles = iota
)

var profileNames = [numProfiles]string{"operational", "limited_data_set", "safe_harbor"}

// String returns operational, limited_data_set or safe_harbor.
func (p Profile) String() string {
	if int(p) >= numProfiles {
		return "unknown"
	}
	return profileNames[p]
}

// ParseProfile is the inverse of [Profile.String].
func ParseProfile(s string) (Profile, error) {
	for i, n := range profileNames {
		if n == s {
			return Profile(i), nil
		}
	}
	return Operational, errUnknownProfile
}

// profileActions are the actions of each profile. What isn't listed is redacted.
var profileActions = [numProfiles][category.Count]Action{
	Operational: {
		Country: Keep, PostalCode: Generalize, Date: Keep, BirthDate: Generalize, Age: Generalize,
		MedicalRecord: Pseudonym, HealthPlan: Pseudonym, Account: Pseudonym, OtherID: Pseudonym, PersonID: Keep,
		Geo: Drop, Biometric: Drop, Photo: Drop, Secret: Drop, Psychotherapy: Drop,
	},
	LimitedDataSet: {
		Place: Keep, Country: Keep, PostalCode: Keep, Date: Keep, BirthDate: Keep, Age: Keep,
		MedicalRecord: Pseudonym, HealthPlan: Pseudonym, Account: Pseudonym, OtherID: Pseudonym, PersonID: Pseudonym,
		Geo: Drop, Biometric: Drop, Photo: Drop, Secret: Drop, Psychotherapy: Drop,
	},
	SafeHarbor: {
		Country: Keep, PostalCode: Generalize, Date: Generalize, BirthDate: Generalize, Age: Generalize,
		Geo: Drop, Biometric: Drop, Photo: Drop, Secret: Drop, Psychotherapy: Drop,
	},
}
