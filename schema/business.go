package schema

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// Business says that a step of a process was taken. Its type name is the
// process and the step: "appointment.booked".
type Business struct {
	Process string `json:"-"` // such as "appointment"; in the type name
	Step    string `json:"-"` // such as "booked"; in the type name

	// Outcome is optional.
	Outcome Outcome `json:"outcome,omitempty" schema:"enum=success|failure|denied|pending|cancelled" doc:"How the step ended."`
	// Amounts are sums of money that the step is about. Optional.
	Amounts []Amount `json:"amounts,omitempty" doc:"Sums of money that the step is about."`
	// Data holds further members: a JSON object or nil.
	Data json.RawMessage `json:"-" schema:"rest"`
}

// An Amount is a sum of money in the minor unit of its currency, such as cents.
type Amount struct {
	Name     string `json:"name,omitempty" phi:"safe" doc:"What the sum is, such as copay."`
	Minor    int64  `json:"minor" doc:"The sum in the currency's minor unit, such as cents."`
	Currency string `json:"currency" schema:"required" pattern:"^[A-Z]{3}$" doc:"ISO 4217, three capital letters."`
}

// Type returns "<process>.<step>".
func (e Business) Type() string { return join(e.Process, e.Step) }

// Validate reports the faults of the payload.
func (e Business) Validate() error {
	_, err := e.judge()
	return err
}

func (e Business) judge() (judged, error) {
	var c checker
	c.require(e.Process != "", "process", "is required")
	c.require(e.Step != "", "step", "is required")
	c.require(e.Outcome == "" || e.Outcome.Valid(), "outcome", outcomeRule)
	for i, a := range e.Amounts {
		if !validCurrency(a.Currency) {
			c.fault(fmt.Sprintf("amounts[%d].currency", i), "must be three capital letters (ISO 4217)")
		}
	}
	j := c.extra(e.Data, "outcome", "amounts")
	return j, c.err()
}

func validCurrency(s string) bool { return len(s) == 3 && within(s, &capitalBytes) }

func (e Business) named(name string, data []byte) (Event, error) {
	e.Process, e.Step = cutLast(name)
	err := e.decode(data)
	return e, err
}

func (e Business) only(keep func(json.RawMessage) json.RawMessage) Event {
	e.Data = keep(e.Data)
	return e
}

func (e *Business) decode(b []byte) error {
	r := readMembers(b)
	for r.next() {
		switch string(r.name) {
		case "outcome":
			r.text((*string)(&e.Outcome))
		case "amounts":
			if r.take() {
				e.Amounts = []Amount{}
				for list := r.array(); list.next(); {
					in := object(list.value)
					e.Amounts = append(e.Amounts, readAmount(&in))
					r.within(&in, list.index)
				}
			}
		default:
			r.keep()
		}
	}
	e.Data = r.others()
	return r.err()
}

func readAmount(r *memberReader) (a Amount) {
	for r.next() {
		switch string(r.name) {
		case "name":
			r.text(&a.Name)
		case "minor":
			r.integer(&a.Minor)
		case "currency":
			r.text(&a.Currency)
		}
	}
	return a
}

func (e Business) appendJSON(dst []byte, j judged) []byte {
	dst = append(dst, '{')
	dst = appendMember(dst, "outcome", string(e.Outcome))
	if len(e.Amounts) > 0 {
		dst = append(appendName(dst, "amounts"), '[')
		for i, a := range e.Amounts {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(dst, '{')
			dst = appendMember(dst, "name", a.Name)
			dst = strconv.AppendInt(appendName(dst, "minor"), a.Minor, 10)
			dst = appendString(appendName(dst, "currency"), a.Currency)
			dst = append(dst, '}')
		}
		dst = append(dst, ']')
	}
	return j.appendRest(dst)
}

// MarshalJSON encodes the payload's wire form.
func (e Business) MarshalJSON() ([]byte, error) { return appendEvent(nil, e, judged{}) }

// UnmarshalJSON decodes the wire form. Process and Step come from the type name.
func (e *Business) UnmarshalJSON(b []byte) error { return unmarshalFamily(b, e.decode) }
