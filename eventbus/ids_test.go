package eventbus

import "testing"

func TestPredecessor(t *testing.T) {
	for id, want := range map[string]string{"5-7": "5-6", "5-0": "4-18446744073709551615", "0-1": "0-0", "0-0": "0-0"} {
		if got := predecessor(id); got != want {
			t.Errorf("before %s stands %s, want %s", id, got, want)
		}
	}
}
