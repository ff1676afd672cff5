package etl

import (
	"math"
	"slices"
	"testing"
)

func TestSets(t *testing.T) {
	for _, c := range []struct {
		set  []int
		want string
	}{
		{nil, ""}, {[]int{0}, "0"}, {[]int{0, 1, 2, 5}, "0-2,5"}, {[]int{1, 3, 4}, "1,3-4"},
	} {
		got := string(appendSet(nil, c.set))
		if got != c.want {
			t.Errorf("appendSet = %q, want %q", got, c.want)
		}
		if set, ok := parseSet(got, 6); !ok || !slices.Equal(set, c.set) {
			t.Errorf("parseSet(%q) = %v, %v", got, set, ok)
		}
	}
	for _, bad := range []string{",", "1,", "6", "0-6", "2-1", "1,1", "2,1", "0-2,2", "-1", "1-", "x", "00", "18446744073709551615"} {
		if set, ok := parseSet(bad, 6); ok {
			t.Errorf("parseSet(%q) = %v", bad, set)
		}
	}
}

func TestIDs(t *testing.T) {
	for _, c := range []struct {
		ids  []entryID
		want string
	}{
		{nil, ""},
		{[]entryID{{1705327402123, 0}}, "1705327402123-0"},
		{[]entryID{{1705327402123, 0}, {1705327402123, 1}, {1705327402123, 2}, {1705327402123, 3}, {1705327402125, 0}, {1705327402125, 5}}, "1705327402123-0..3 2-0 0-5"},
		{[]entryID{{0, 1}, {math.MaxUint64, math.MaxUint64 - 1}, {math.MaxUint64, math.MaxUint64}}, "0-1 18446744073709551615-18446744073709551614..18446744073709551615"},
	} {
		got := string(appendIDs(nil, c.ids))
		if got != c.want {
			t.Errorf("appendIDs = %q, want %q", got, c.want)
		}
		if ids, ok := parseIDs(got); !ok || !slices.Equal(ids, c.ids) {
			t.Errorf("parseIDs(%q) = %v, %v", got, ids, ok)
		}
	}
	for _, bad := range []string{
		" ", "1", "1-", "-1", "1-1 ", "1-1  1-1", "1-1 0-1", "1-2 0-1", "1-2..1", "01-1", "1-01", "1-1..", "1-1..2..3", "+1-1",
		"18446744073709551615-0 1-0", "1-0..99999999999", "0-0..18446744073709551615", "1-1 0-0", "x-1",
	} {
		if ids, ok := parseIDs(bad); ok {
			t.Errorf("parseIDs(%q) = %v", bad, ids)
		}
	}
}

func FuzzIDs(f *testing.F) {
	f.Add("1705327402123-0..3 2-0 0-5")
	f.Add("0-1 18446744073709551615-18446744073709551614..18446744073709551615")
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 100 {
			return
		}
		ids, ok := parseIDs(s)
		if !ok {
			return
		}
		again, ok := parseIDs(string(appendIDs(nil, ids)))
		if !ok || !slices.Equal(again, ids) {
			t.Fatalf("%q", s)
		}
	})
}
