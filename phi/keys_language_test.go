package phi_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/carebus/carebus/phi"
)

// Keys in other languages and in the short forms of databases declare what
// theirs in English do.
func TestKeysOfOtherLanguages(t *testing.T) {
	s := newScrubber(t, phi.Config{Profile: phi.SafeHarbor})
	name, birth, phone, place, address := "Nobody", "1971-04-09", "5550143777", "Nowhere", "by the mill"
	for value, keys := range map[string]string{
		name: `nombre apellidos segundo_apellido primerNombre prénom nom nom_de_famille vorname Nachname geburtsname nome sobrenome apelido nomeCompleto
			имя фамилия Отчество ФИО 姓名 患者姓名 名 氏名 이름 pat_lst_nm PAT_FIRST_NM pt_fn patLast nombre_del_paciente`,
		birth:   `fecha_nacimiento fechaDeNacimiento date_de_naissance naissance geburtsdatum Geburtstag data_nascimento dataDeNascimento дата_рождения датаРождения 出生日期 生日 生年月日 생년월일 PAT_BIRTH_DT`,
		phone:   `teléfono telefon téléphone telefone celular Mobilnummer телефон 电话 手机号 電話番号 전화번호 homePh PHONE_NBR`,
		place:   `ciudad ville Wohnort cidade город 城市 도시 CITY_NM`,
		address: `dirección adresse Straße anschrift endereço адрес 地址 住所 주소 ADDR_LN_1`,
	} {
		for key := range strings.FieldsSeq(keys) {
			src := quoted(map[string]any{key: value})
			if value == birth {
				src = quoted(map[string]any{"x": map[string]string{key: "in the spring of 1971"}})
				value = "spring"
			}
			out, _, err := s.ScrubJSON(nil, []byte(src))
			if err != nil || !json.Valid(out) || strings.Contains(string(out), value) {
				t.Errorf("%s: %s, %v", key, out, err)
			}
			if value == "spring" {
				value = birth
			}
		}
	}
}

// What reads like a shortened key and is none.
func TestKeysThatStay(t *testing.T) {
	s := newScrubber(t, phi.Config{Profile: phi.SafeHarbor})
	for _, src := range []string{
		`{"fn":"handler","sort_by":"status","cd":"A1","dt":7,"nm":550}`,
		`{"patient":{"status":{"display":"Active"},"maritalStatus":{"coding":[{"display":"Never Married"}]}}}`,
		`{"medication":{"display":"Rich Cream"}}`,
	} {
		if out, _, err := s.ScrubJSON(nil, []byte(src)); err != nil || string(out) != src {
			t.Errorf("got %s of %s, %v", out, src, err)
		}
	}
}

// A FHIR reference under a key of a person shows a name.
func TestReferencesToPersons(t *testing.T) {
	s := newScrubber(t, phi.Config{Profile: phi.SafeHarbor})
	for _, key := range []string{"subscriber", "policyHolder", "subject", "authenticator", "patient"} {
		src := `{"resourceType":"Coverage","` + key + `":{"display":"Prince Battle"}}`
		if out, _, err := s.ScrubJSON(nil, []byte(src)); err != nil || strings.Contains(string(out), "Battle") {
			t.Errorf("got %s, %v", out, err)
		}
	}
}

// Values that a later part declares are scrubbed in what stands before it.
func TestPropagatedBackwards(t *testing.T) {
	s := newScrubber(t, phi.Config{Profile: phi.SafeHarbor})
	for _, later := range []string{
		`<p><firstName>Ivy</firstName><lastName>Bright</lastName></p>`,
		"MSH|^~\\&|A|B\rPID|1||88412||Bright^Ivy",
		"first_name,last_name\nIvy,Bright\n",
		"first_name=Ivy&last_name=Bright",
		"eyJmaXJzdF9uYW1lIjoiSXZ5IiwibGFzdF9uYW1lIjoiQnJpZ2h0In0=",
	} {
		src := quoted([]string{"Bright was calm, Ivy too", later})
		out, _, err := s.ScrubJSON(nil, []byte(src))
		if err != nil || strings.Contains(string(out), "Bright was") || strings.Contains(string(out), "Ivy too") {
			t.Errorf("got %s of %s, %v", out, src, err)
		}
	}
	const text = "<p>Bright was calm.</p><lastName>Bright</lastName>"
	if out, _ := s.ScrubText(nil, text); strings.Contains(string(out), "Bright") {
		t.Errorf("got %s", out)
	}
}
