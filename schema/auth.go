package schema

import (
	"encoding/json"
	"strings"
)

// Outcome says how an attempt ended.
type Outcome string

// The outcomes of auth and business events.
const (
	Success   Outcome = "success"
	Failure   Outcome = "failure"
	Denied    Outcome = "denied"
	Pending   Outcome = "pending"
	Cancelled Outcome = "cancelled"
)

// Valid reports whether o is one of the outcomes.
func (o Outcome) Valid() bool {
	switch o {
	case Success, Failure, Denied, Pending, Cancelled:
		return true
	}
	return false
}

const outcomeRule = "must be one of success, failure, denied, pending, cancelled"

// Auth says that someone tried to enter or to do something. Its type name is
// "auth." and the action: "auth.login".
type Auth struct {
	Action string `json:"-"` // such as "login"; in the type name

	// Outcome is required.
	Outcome Outcome `json:"outcome,omitempty" schema:"required,enum=success|failure|denied|pending|cancelled" doc:"How the attempt ended."`
	// Method is such as "password", "totp" or "sso". Optional.
	Method string `json:"method,omitempty" phi:"safe" doc:"The means, such as password, totp or sso."`
	// Reason says why it failed, from the service's own list. Optional.
	Reason string `json:"reason,omitempty" phi:"text" doc:"Why it failed, from the service's own list."`
	// Client is where the attempt came from. Optional.
	Client *Client `json:"client,omitempty" doc:"Where the attempt came from."`
	// Data holds further members: a JSON object or nil.
	Data json.RawMessage `json:"-" schema:"rest"`
}

// Client describes the far end of a connection.
type Client struct {
	IP        string `json:"ip,omitempty" phi:"network" doc:"The IP address."`
	UserAgent string `json:"user_agent,omitempty" phi:"text" doc:"What the client calls itself."`
	Device    string `json:"device,omitempty" phi:"device" doc:"The device's id."`
}

// Type returns "auth.<action>".
func (e Auth) Type() string { return join("auth", e.Action) }

// Validate reports the faults of the payload.
func (e Auth) Validate() error {
	_, err := e.judge()
	return err
}

func (e Auth) judge() (judged, error) {
	var c checker
	c.require(e.Action != "", "action", "is required")
	c.require(e.Outcome != "", "outcome", "is required")
	c.require(e.Outcome == "" || e.Outcome.Valid(), "outcome", outcomeRule)
	j := c.extra(e.Data, "outcome", "method", "reason", "client")
	return j, c.err()
}

func (e Auth) named(name string, data []byte) (Event, error) {
	e.Action = strings.TrimPrefix(name, "auth.")
	err := e.decode(data)
	return e, err
}

func (e Auth) only(keep func(json.RawMessage) json.RawMessage) Event {
	e.Data = keep(e.Data)
	return e
}

func (e *Auth) decode(b []byte) error {
	r := readMembers(b)
	for r.next() {
		switch string(r.name) {
		case "outcome":
			r.text((*string)(&e.Outcome))
		case "method":
			r.text(&e.Method)
		case "reason":
			r.text(&e.Reason)
		case "client":
			if r.take() {
				in := object(r.value)
				e.Client = readClient(&in)
				r.within(&in, -1)
			}
		default:
			r.keep()
		}
	}
	e.Data = r.others()
	return r.err()
}

func readClient(r *memberReader) *Client {
	c := &Client{}
	for r.next() {
		switch string(r.name) {
		case "ip":
			r.text(&c.IP)
		case "user_agent":
			r.text(&c.UserAgent)
		case "device":
			r.text(&c.Device)
		}
	}
	return c
}

func (e Auth) appendJSON(dst []byte, j judged) []byte {
	dst = append(dst, '{')
	dst = appendMember(dst, "outcome", string(e.Outcome))
	dst = appendMember(dst, "method", e.Method)
	dst = appendMember(dst, "reason", e.Reason)
	if c := e.Client; c != nil {
		dst = append(appendName(dst, "client"), '{')
		dst = appendMember(dst, "ip", c.IP)
		dst = appendMember(dst, "user_agent", c.UserAgent)
		dst = appendMember(dst, "device", c.Device)
		dst = append(dst, '}')
	}
	return j.appendRest(dst)
}

// MarshalJSON encodes the payload's wire form.
func (e Auth) MarshalJSON() ([]byte, error) { return appendEvent(nil, e, judged{}) }

// UnmarshalJSON decodes the wire form. Action comes from the type name.
func (e *Auth) UnmarshalJSON(b []byte) error { return unmarshalFamily(b, e.decode) }
