package etl

import (
	"errors"
	"fmt"
	"time"

	"github.com/carebus/carebus/schema"
)

// A RetentionRule says how long objects of a lake are kept. Of the rules of an
// environment, one that names the object's data class goes before one that
// names none.
type RetentionRule struct {
	// Environment is the lake's. Empty: of every environment that no other rule
	// names.
	Environment string
	// DataClass is that of an object's most sensitive row. Empty: of any, and of
	// the quarantine, which has none.
	DataClass schema.DataClass
	// Days is the least age of an object at which it is deleted, by when it was
	// written: 1 to [MaxRetentionDays]. Required. To keep objects for good, have
	// no rule for them.
	Days int
}

// MaxRetentionDays are the most days that a rule can keep objects for, a hundred
// years. What is meant as forever mustn't be a number that some store, or some
// duration, is too small for, and that wraps around to a short time.
const MaxRetentionDays = 36525

// Days that objects are kept by [DefaultRetention].
const (
	SevenYears = 2557 // with up to two leap days
	OneYear    = 365
)

// DefaultRetention returns the rules that keep an environment named production
// for seven years, and all others for one.
func DefaultRetention() []RetentionRule {
	return []RetentionRule{{Environment: "production", Days: SevenYears}, {Days: OneYear}}
}

// RetentionDays returns for how many days an object is kept, by the rules for
// its environment and data class.
func RetentionDays(rules []RetentionRule, environment string, class schema.DataClass) (int, bool) {
	best, days := -1, 0
	for _, r := range rules {
		if r.Environment != "" && r.Environment != environment || r.DataClass != "" && r.DataClass != class {
			continue
		}
		rank := 0
		if r.Environment != "" {
			rank += 2
		}
		if r.DataClass != "" {
			rank++
		}
		if rank > best {
			best, days = rank, r.Days
		}
	}
	return days, best >= 0
}

// CheckRetention reports every mistake in rules.
func CheckRetention(rules []RetentionRule) error {
	var errs []error
	if len(rules) == 0 {
		errs = append(errs, errors.New("etl: no retention rule"))
	}
	type subject struct {
		environment string
		class       schema.DataClass
	}
	seen := map[subject]bool{}
	for i, r := range rules {
		switch {
		case r.Environment != "" && !schema.ValidEnvironment(r.Environment):
			errs = append(errs, fmt.Errorf("etl: retention rule %d: the environment must be 1 to 32 lower-case letters, digits and hyphens", i))
		case r.DataClass != "" && !r.DataClass.Valid():
			errs = append(errs, fmt.Errorf("etl: retention rule %d: the data class must be one of public, internal, confidential, restricted", i))
		case r.Days < 1 || r.Days > MaxRetentionDays:
			errs = append(errs, fmt.Errorf("etl: retention rule %d: Days must be 1 to %d; for good, have no rule", i, MaxRetentionDays))
		case seen[subject{r.Environment, r.DataClass}]:
			errs = append(errs, fmt.Errorf("etl: retention rule %d: another rule is for the same", i))
		}
		seen[subject{r.Environment, r.DataClass}] = true
	}
	return errors.Join(errs...)
}

const day = 24 * time.Hour
