package phi_test

import (
	"testing"

	"github.com/carebus/carebus/phi"
)

// Practice systems shorten the names of their fields, each in its own way.
func TestShortenedKeys(t *testing.T) {
	for _, c := range []struct {
		name, src string
		gone      []string
	}{
		{"numbers", `{"enc_no":"471193882","claimNum":"471193883","auth_nbr":"471193884","subscriberNo":"471193885","policyNum":"471193886","ref_no":"471193887","lic_num":"471193888","visit_no":"471193889"}`, []string{"4711938"}},
		{"numbers in one word", `{"ssnum":"471193882","dlnum":"471193883","accn":"471193884","medrec":"471193885","ppn":"471193886","csn":"471193887"}`, []string{"4711938"}},
		{"serials", `{"xmtr_sn":"8GH2K1"}`, []string{"8GH2K1"}},
		{"last digits", `{"acct_last4":"4711","account_last4":"4712"}`, []string{"4711", "4712"}},
		{"phones", `{"contact_no":"4135550144","telno":"4135550145","mob":"4135550146","sms_num":"4135550147","callback_no":"4135550148","direct_line":"4135550149"}`, []string{"413555014"}},
		{"dates of birth", `{"BirthDtTm":"1995-12-01T00:00:00","BIRTHDT":"19820714","bdate":"1982-07-14","bday":"1971-03-22","brthdate":"1-2-61"}`, []string{"12-01", "0714", "07-14", "03-22", "1-2-61"}},
		{"names", `{"MiddleInit":"R","nick":"zorkk","maiden":"quetzal","fnm":"wren","patnm":"quetzal, jo","name_on_card":"wren q"}`, []string{`"R"`, "zorkk", "quetzal", "wren"}},
		{"towns", `{"cty":"Frobbinqua","cnty":"Frobbinqua","pob":"Frobbinqua"}`, []string{"Frobbinqua"}},
		{"logins", `{"instagram":"zork99","twitter":"zork98","wechat_id":"zork97","skype":"zork96","insta":"zork95"}`, []string{"zork"}},
		{"who acts for a person", `{"hcpoa":"Quetzal","conservator":"Xochitl","addressee":"Wren","payee":"Beto"}`, []string{"Quetzal", "Xochitl", "Wren", "Beto"}},
	} {
		for _, profile := range []phi.Profile{phi.Operational, phi.SafeHarbor} {
			wantGone(t, profile, c.name, c.src, c.gone)
		}
	}
}

// Such words end the names of other fields as well.
func TestShortenedKeysThatStay(t *testing.T) {
	s := newScrubber(t, phi.Config{Profile: phi.SafeHarbor})
	for _, src := range []string{
		`{"no_show":true,"no_of_children":2,"line_no":12,"page_num":3,"row_nr":4,"seq_no":5,"version_no":2,"lot_no":"A1","question_no":7}`,
		`{"ref_range":"4-10","ref":"refs/heads/main","med_name":"sertraline","rec_type":"a","conf_level":0.95,"enc_type":"AMB","cert_status":"ok"}`,
		`{"doc_id":"d-1","enc_id":"e-1","nick":true,"maiden":null}`,
	} {
		if out := scrubJSON(t, s, src); out != src {
			t.Errorf("%s\nbecame %s", src, out)
		}
	}
}
