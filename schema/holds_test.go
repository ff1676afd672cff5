package schema_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/carebus/carebus/schema"
)

// A field that can't hold what scrubbing leaves of its class doesn't register:
// its events could be published, and no consumer could decode them.
func TestRegisterWantsFieldsThatHoldWhatIsScrubbed(t *testing.T) {
	for _, c := range []struct {
		register func(*schema.Registry)
		refused  string // the field; "" for none
	}{
		{one[held[string]](), ""},
		{one[held[*string]](), ""},
		{one[held[any]](), ""},
		{one[held[json.RawMessage]](), ""},
		{one[held[sql.NullString]](), ""}, // a struct of fields without a class
		{one[held[[]string]](), ""},
		{one[held[map[string][]*string]](), ""},
		{one[held[bool]](), ""},
		{one[held[time.Time]](), "born"},
		{one[held[*time.Time]](), "born"},
		{one[held[[]time.Time]](), "born"},
		{one[held[netip.Addr]](), "born"},
		{one[held[[]byte]](), "born"},
		{one[held[picky]](), "born"},
		{one[held[int]](), "chart"}, // a birth date's number becomes null
		{one[held[float64]](), "chart"},
		{one[held[json.Number]](), "chart"},
		{one[quoted](), "chart"},
		{one[within](), "chart"},
		{one[numbers](), ""},
	} {
		err := func() (err error) {
			defer func() {
				if v := recover(); v != nil {
					err = fmt.Errorf("%v", v)
				}
			}()
			c.register(schema.NewRegistry())
			return nil
		}()
		if (err == nil) != (c.refused == "") || err != nil && !strings.Contains(err.Error(), "."+c.refused+":") {
			t.Errorf("want %q to be refused, got %v", c.refused, err)
		}
	}
}

type held[T any] struct {
	Day   time.Time `json:"day" phi:"date"`
	Story T         `json:"story" phi:"text"`
	Code  T         `json:"code" phi:"safe"`
	Born  T         `json:"born" phi:"birth_date"`
	Chart T         `json:"chart" phi:"medical_record"`
}

type quoted struct {
	Chart string `json:"chart,string" phi:"medical_record"`
}

func (quoted) Type() string    { return "intake.scored" }
func (quoted) Validate() error { return nil }

type within struct {
	All map[string][]struct {
		Chart *int `json:"chart" phi:"medical_record"`
	} `json:"all"`
}

func (within) Type() string    { return "intake.scored" }
func (within) Validate() error { return nil }

// Numbers that become null, or stay, are as good as texts.
type numbers struct {
	Age    int       `json:"age" phi:"age"`
	Zip    uint32    `json:"zip" phi:"postal_code"`
	Person int64     `json:"person" phi:"person_id"`
	At     []float64 `json:"at" phi:"geo"`
}

func (numbers) Type() string    { return "intake.scored" }
func (numbers) Validate() error { return nil }

// A picky text is one of a form of its own.
type picky string

func (p *picky) UnmarshalText(b []byte) error {
	if strings.Trim(string(b), "0123456789") != "" {
		panic("no number")
	}
	*p = picky(b)
	return nil
}

type apiKey struct {
	ID  string `json:"id"`
	Key string `json:"key" phi:"secret"`
}
