package phi_test

import (
	"testing"

	"github.com/carebus/carebus/phi"
)

// Keys as claims, pharmacies, telephony, payments and directories have them.
func TestKeysOfSystems(t *testing.T) {
	for _, c := range []struct {
		name, src string
		gone      []string
	}{
		{"claims", `{"SubscriberLastNameOrOrganization_03":"quetzal","Rendering Provider Last or Organization Name":"zorkk","SubscriberPrimaryIdentifier_09":"W9912","communicationNumber":"5551","entityIdentificationValue":"W9913"}`, []string{"quetzal", "zorkk", "W991", "5551"}},
		{"members", `{"CardholderID":"W9912","ins_sub_id":"W9913","insuranceidnumber":"W9914","healthId":"W9915","personal_health_number":"W9916","subscriber_identifier":"W9917"}`, []string{"W991"}},
		{"pharmacies", `{"MedicalRecordIdentificationNumberEHR":"W9912"}`, []string{"W9912"}},
		{"numbered persons", `{"guardian_1_name":"quetzal","parent2_name":"xochitl","contact3Name":"zorkk"}`, []string{"quetzal", "xochitl", "zorkk"}},
		{"names in other letters", `{"first_name_phonetic":"quetzal","lastNameKana":"xochitl","last_name_s":"zorkk"}`, []string{"quetzal", "xochitl", "zorkk"}},
		{"names that somebody uses", `{"name_used":"quetzal","deadname":"xochitl","alias_names":"zorkk","billing_name":"wren q"}`, []string{"quetzal", "xochitl", "zorkk", "wren"}},
		{"calls", `{"calleeNumber":"5551","caller_id_number":"5552","from_number":"5553","forwardedFrom":"5554","callee_name":"quetzal","callerIdName":"xochitl"}`, []string{"555", "quetzal", "xochitl"}},
		{"payments", `{"bank_last4":"4711"}`, []string{"4711"}},
		{"whom something is for", `{"billTo":"Quetzal, Xochitl","ship_to":{"name":"zorkk"},"nextkinname":"Wren, Beto","case_worker":"Vondel, Lotte"}`, []string{"Quetzal", "Xochitl", "zorkk", "Wren", "Beto", "Vondel", "Lotte"}},
		{"accounts", `{"enduser.id":"qxochitl","userPrincipalName":"zorkk","twitterhandle":"wren99","ims":[{"value":"beto77","type":"aim"}]}`, []string{"qxochitl", "zorkk", "wren99", "beto77"}},
		{"devices", `{"registration_token":"bk3RNwTe3H0"}`, []string{"bk3RNwTe3H0"}},
	} {
		for _, profile := range []phi.Profile{phi.Operational, phi.SafeHarbor} {
			wantGone(t, profile, c.name, c.src, c.gone)
		}
	}
}

// Names of things that programs are made of, of payers, issuers and zones are nobody's.
func TestKeysOfSystemsThatStay(t *testing.T) {
	s := newScrubber(t, phi.Config{Profile: phi.SafeHarbor})
	for _, src := range []string{
		`{"functionName":"Intake Router","campaignName":"Spring Outreach","storeName":"Corner Market","listName":"Warm Leads","pod_name":"Blue Green"}`,
		`{"tradingPartnerName":"EXTRA HEALTHY INSURANCE","payerName":"EVERGREEN MUTUAL","insurance_name":"Evergreen Mutual"}`,
		`{"iss":"https://idp.example.org/","ip_timezone":"america_slash_chicago"}`,
		`{"step_1_name":"Blue Green","line_2_count":3}`,
	} {
		if out := scrubJSON(t, s, src); out != src {
			t.Errorf("%s\nbecame %s", src, out)
		}
	}
}
