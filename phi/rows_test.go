package phi_test

import "testing"

// A row without a header tells by its form whose it is: names in two cells before a day or an
// address, and a day behind a name that was long ago.
func TestRowsWithoutHeader(t *testing.T) {
	checkMarked(t, []marked{
		"{name:Castaneda},{name:Whitley},{birth_date:4/9/71},{phone:518-555-0144},Ayr",
		"{name:Castaneda},{name:Annabelle},{birth_date:4/9/71},{phone:518-555-0144},Ayr", // as long as an SSN
		"882,{name:Long},{name:Thomas},{birth_date:04/09/2004},,",
		"{name:Day}|{name:Rosalind}|{birth_date:1971-04-09}|F",
		"{name:Noble},{name:Ann},x,{email:ann@example.com}",
		"('{name:Lotte}','{name:Castaneda}','{birth_date:1971-04-09}',NULL)",
		"New,Open,{date:1/17/2025},x",
		"{date:Monday},Room,{date:1/17/2025},x",
	})
}

// A date of long ago right behind a name is a birthday; one of late is a visit's.
func TestBirthdaysBehindNames(t *testing.T) {
	checkMarked(t, []marked{
		"could not merge {name:Ana Castaneda} ({birth_date:1971-04-09}) into {name:Anna Castaneda} ({birth_date:04/09/1971})",
		"test patient {name:Ana Castaneda} {birth_date:4/9/1971} in seed.sql",
		"By {name:Ana Castaneda} ({date:5/2/2025}). Seen by {name:Ana Castaneda}, {date:5/2/25}",
		"{name:Ana Castaneda}\n{date:3/4/1990} admitted",
	})
}

// Servers log users before the time, and paths lead to whose home they are.
func TestLoginsInLogsAndPaths(t *testing.T) {
	checkMarked(t, []marked{
		`{network:203.0.113.9} - {other_id:m.castaneda} [{date:02/May/2025}:10:12:44 -0500] "GET / HTTP/1.1" 200 512`,
		`{network:2001:db8::1} - {other_id:jroe77} [{date:02/May/2025}:10:12:44 -0500] "GET / HTTP/1.1" 200 512`,
		`web-1 - - [{date:02/May/2025}:10:12:44 -0500] "GET / HTTP/1.1" 200 512`,
		`C:\Users\{other_id:bcastaneda}\Desktop\charts`,
		"open /Users/{name:ana.castaneda}/a.go, /home/{other_id:maria}/b.go",
		`/home/ubuntu/x, /Users/runner/y, C:\Users\Public\z, /home/gopher, /var/lib/users/admin`,
	})
}

// The names of programs announce no identifier, and what sorts rows is no place.
func TestNamesOfPrograms(t *testing.T) {
	checkMarked(t, []marked{
		"pod billing-worker-7c9f8d6b5-x2x9q of member-portal-5c9d8b7f6-qq2zx, chart-sync-6f7b9",
		"{account:claim-id-88412}, {medical_record:mrn-88412-3}",
		"SELECT id FROM visits ORDER BY created_at DESC LIMIT 50",
		"sort by updated_at ASC NULLS LAST",
	})
}
