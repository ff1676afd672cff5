package canary

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// A canary is a value of a category of 45 CFR 164.514(b)(2)(i).
type canary struct {
	rule  string   // the paragraph
	field string   // a member's name that says what it is
	value string   // as it is written
	text  string   // a sentence that holds it, as %s; "" where no sentence tells what it is
	parts []string // what must not be seen either
}

var canaries = []canary{
	{"A", "patientName", "Philippa Brackenridge", "Seen today: Ms. %s, tearful at first.", []string{"Philippa", "Brackenridge"}},
	{"A", "emergency_contact_name", "Zoë Marchetti-Oldfield", "Her mother, Mrs. %s, came along.", []string{"Marchetti", "Oldfield"}},
	{"B", "address_line1", "4417 Thistledown Lane", "She moved to %s last month.", []string{"Thistledown"}},
	{"B", "city", "Schenectady", "She grew up in %s and misses it.", nil},
	{"B", "zip_code", "12309-5678", "Mail goes to Niskayuna, NY %s from now on.", nil},
	{"B", "coordinates", "42.8142437, -73.9395691", "The phone was last seen at %s yesterday.", []string{"42.8142437", "73.9395691"}},
	{"C", "dateOfBirth", "1968-11-23", "Date of birth %s, confirmed.", nil},
	{"D", "homePhone", "518-555-0147", "Call %s after six.", nil},
	{"D", "mobile", "+44 20 7946 0321", "Reach her at %s abroad.", []string{"7946 0321"}},
	{"E", "fax", "(518) 555-0162", "Fax the form to %s today.", []string{"555-0162"}},
	{"F", "email", "p.brack68@example.org", "Write to %s instead.", []string{"p.brack68"}},
	{"G", "ssn", "219-09-9999", "SSN %s on file.", nil},
	{"H", "mrn", "MRN-884291760", "Chart %s was opened.", []string{"884291760"}},
	{"I", "medicareNumber", "1EG4-TE5-MK73", "Medicare %s is active.", nil},
	{"I", "memberId", "XJB204417723", "Member ID: %s, Acme Health.", []string{"204417723"}},
	{"J", "cardNumber", "5555 5555 5555 4444", "Paid with card %s at the desk.", nil},
	{"J", "iban", "DE89370400440532013000", "Refund to %s please.", []string{"370400440532013000"}},
	{"K", "driversLicense", "S888312754", "Driver license %s was copied.", []string{"888312754"}},
	{"L", "vin", "1M8GDM9AXKP042788", "The car, VIN %s, was towed.", nil},
	{"M", "deviceSerialNumber", "SN-77310-B52", "The pump, serial number %s, was replaced.", []string{"77310-B52"}},
	{"M", "macAddress", "00:1B:44:11:3A:B7", "Tablet %s joined the network.", []string{"44:11:3A"}},
	{"N", "portalUrl", "https://portal.example.org/p/brackenridge", "See %s for details.", []string{"portal.example.org"}},
	{"O", "clientIp", "198.51.100.147", "Signed in from %s at night.", nil},
	{"O", "remoteIp", "2001:db8::a11:c0de:7", "Signed in from %s at night.", []string{"a11:c0de"}},
	{"P", "voiceprint", "voiceprint-c0ffee77", "", []string{"c0ffee77"}},
	{"Q", "photoUrl", "https://cdn.example.org/faces/brack.jpg", "Picture at %s shows her.", []string{"faces/brack"}},
	{"R", "employeeId", "EMP-553019846", "Employee ID: %s at the mill.", []string{"553019846"}},
}

// plain are canaries that can be told by their form alone, wherever they stand.
func plain() []canary {
	var list []canary
	for _, c := range canaries {
		if slices.Contains([]string{"518-555-0147", "p.brack68@example.org", "219-09-9999", "https://portal.example.org/p/brackenridge", "198.51.100.147"}, c.value) {
			list = append(list, c)
		}
	}
	return list
}

func (c canary) sentence() string {
	if c.text == "" {
		return ""
	}
	return fmt.Sprintf(c.text, c.value)
}

// everything is a text that holds all canaries, such as a careless error's.
func everything() string {
	var b strings.Builder
	for _, c := range canaries {
		b.WriteString(c.sentence() + "\n" + object(c.field, c.value) + "\n")
	}
	return b.String()
}

// prose is a text that holds what a text can tell.
func prose() string {
	var b strings.Builder
	for _, c := range canaries {
		b.WriteString(c.sentence() + "\n")
	}
	return b.String()
}

// payloads are JSON objects that hold a canary in the ways in which one may stand
// in an event.
func (c canary) payloads() []string {
	member := object(c.field, c.value)
	list := []string{
		member,
		`{"record":` + member + `}`,
		object("changes", []any{map[string]any{"field": c.field, "before": c.value, "after": c.value}}),
		object("payload", member), // JSON in a string
		object("body", object("payload", member)),
		object("attachment", base64.StdEncoding.EncodeToString([]byte(member))),
		object("item", []any{map[string]any{"text": c.field, "answer": c.value}}),
	}
	if s := c.sentence(); s != "" {
		list = append(list,
			object("note", s),
			object("zq1", map[string]any{"zq2": []string{s}}),
			object("div", `<div xmlns="http://www.w3.org/1999/xhtml"><p>`+s+`</p></div>`),
			`{"note":"`+escapeAll(s)+`"}`,
		)
	}
	if slices.ContainsFunc(plain(), func(p canary) bool { return p.value == c.value }) {
		list = append(list, object("by", map[string]any{c.value: 1})) // a map's key
	}
	return list
}

// object returns the JSON of an object with one member.
func object(name string, value any) string {
	b, err := json.Marshal(map[string]any{name: value})
	if err != nil {
		panic(err) // maps, slices and strings always encode
	}
	return string(b)
}

// escapeAll writes each character as \u and its number.
func escapeAll(s string) string {
	var b strings.Builder
	for _, r := range s {
		fmt.Fprintf(&b, `\u%04x`, r)
	}
	return b.String()
}
