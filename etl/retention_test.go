package etl

import (
	"math"
	"testing"

	"github.com/carebus/carebus/schema"
)

func TestRetentionDays(t *testing.T) {
	rules := append(DefaultRetention(),
		RetentionRule{Environment: "production", DataClass: schema.DataPublic, Days: 30},
		RetentionRule{DataClass: schema.DataRestricted, Days: 10})
	if err := CheckRetention(rules); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		environment string
		class       schema.DataClass
		want        int
	}{
		{"production", "", 2557}, {"production", schema.DataPublic, 30}, {"production", schema.DataRestricted, 2557},
		{"development", "", 365}, {"staging", schema.DataConfidential, 365}, {"staging", schema.DataRestricted, 10},
	} {
		if got, ok := RetentionDays(rules, c.environment, c.class); got != c.want || !ok {
			t.Errorf("%s %s: %d, %v; want %d", c.environment, c.class, got, ok, c.want)
		}
	}
	if _, ok := RetentionDays([]RetentionRule{{Environment: "production", Days: 1}}, "test", ""); ok {
		t.Error("a rule of another environment was applied")
	}
	for _, bad := range [][]RetentionRule{
		nil, {{Days: 0}}, {{Environment: "x/y", Days: 1}}, {{DataClass: "secret", Days: 1}}, {{Days: 1}, {Days: 2}},
		{{Days: MaxRetentionDays + 1}}, {{Days: 999_999}}, {{Days: math.MaxInt}},
	} {
		if CheckRetention(bad) == nil {
			t.Errorf("%v passes", bad)
		}
	}
}
