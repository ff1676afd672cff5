package detect

import "testing"

// The vectors with a source are from the documents that define the checks;
// the others differ from one of them in one place.
func TestChecks(t *testing.T) {
	for _, c := range []struct {
		name  string
		check func(string) bool
		good  []string
		bad   []string
	}{
		{"luhn", Luhn, []string{"4111111111111111", "79927398713", "378282246310005"}, []string{"4111111111111112", "79927398710", ""}},
		{"card prefix", CardPrefix, []string{"4111", "5105", "2221", "3400", "6011", "6500"}, []string{"1234", "9999", "2800", "41"}},
		{"iban", iban, []string{"GB82WEST12345698765432", "DE89370400440532013000", "NO9386011117947"}, []string{"GB82WEST12345698765433", "GB82WEST123", "GB82-WEST12345698765432"}},
		{"vin", vin, []string{"1HGCM82633A004352", "1M8GDM9AXKP042788"}, []string{"1HGCM82633A004353", "1HGCM82633A00435", "1HGCM8263IA004352", "11111111111111111"}},
		{"dea", dea, []string{"AB1234563", "F91234563"}, []string{"AB1234564", "AB123456", "1B1234563", "ABX234563"}},
		{"mbi", mbi, []string{"1EG4-TE5-MK73", "1EG4TE5MK73", "1eg4te5mk73"}, []string{"0EG4TE5MK73", "1SG4TE5MK73", "1EG4TE5MK7", "1EG4TE5MK733"}},
		{"uuid", IsUUID, []string{"550e8400-e29b-41d4-a716-446655440000"}, []string{"550e8400-e29b-41d4-a716-44665544000g", "550e8400e29b41d4a716446655440000"}},
		{"mac", macAddress, []string{"0a:66:c2:7a:d6:8e", "0A-66-C2-7A-D6-8E", "0a66.c27a.d68e", "02:00:5e:10:00:00:00:01"}, []string{"0a:66:c2:7a:d6", "0a:66-c2:7a:d6:8e", "0g:66:c2:7a:d6:8e"}},
		{"ipv4", ipv4AndMore, []string{"192.0.2.1", "192.0.2.1:80", "192.0.2.0/24"}, []string{"192.0.2.256", "192.0.2", "1.2.3.4.5"}},
		{"compact date", CompactDate, []string{"20210305", "202103051403", "20210305T140322Z"}, []string{"20211305", "20210332", "20210305140", "2021030525"}},
	} {
		for _, s := range c.good {
			if !c.check(s) {
				t.Errorf("%s: %q fails", c.name, s)
			}
		}
		for _, s := range c.bad {
			if c.check(s) {
				t.Errorf("%s: %q passes", c.name, s)
			}
		}
	}
}

func TestNumericDate(t *testing.T) {
	for s, want := range map[string]int{
		"2021-03-05": 10, "3/5/21": 6, "03/05/2021 x": 10, "5.3.2021": 8, "2021/03/05": 10, "03/2021": 7, "2021-03": 7, "5-Mar-2021": 10,
		"13/32/2021": 0, "2021-13-05": 0, "1.2.3": 0, "120/80": 0, "5-Foo-2021": 0, "99/2021": 0, "1/2": 0,
	} {
		if got := NumericDate(s); got != want {
			t.Errorf("numericDate(%q) = %d, want %d", s, got, want)
		}
	}
}
