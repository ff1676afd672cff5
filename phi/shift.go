package phi

import (
	"encoding/binary"
	"time"

	"github.com/carebus/carebus/phi/internal/chars"
)

// shiftRange is by how many days dates move at most.
const shiftRange = 365

// days returns by how many days the dates of a subject move into the past: 1
// to 365, the same for all of a subject's dates, so that intervals stay.
func (p *pseudonyms) days(tenant string, subject []byte) int {
	m := p.pool.Get().(*mac)
	defer p.pool.Put(m)
	d := append(m.message[:0], "carebus/phi/shift/1\x00"...)
	d = append(d, tenant...)
	d = append(d, 0)
	return 1 + int(binary.BigEndian.Uint64(m.of(append(d, subject...)))%shiftRange)
}

// shiftLayouts are the forms of dates that can be shifted; others are generalized.
var shiftLayouts = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02", "2006/01/02", "20060102", "20060102150405",
	"01/02/2006", "1/2/2006", "01-02-2006", "1-2-2006", "January 2, 2006", "Jan 2, 2006", "2 January 2006", "2 Jan 2006", "2-Jan-2006", "02-Jan-2006",
}

// shiftDate appends a date moved into the past, in the form that it had. ok is
// false when its form isn't known.
func shiftDate(dst, value []byte, days int) (_ []byte, ok bool) {
	for _, layout := range shiftLayouts {
		t, err := time.Parse(layout, chars.String(value))
		if err != nil {
			continue
		}
		t = t.AddDate(0, 0, -days)
		return t.AppendFormat(dst, layout), true
	}
	return dst, false
}
