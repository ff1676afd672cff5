package main

import (
	"bufio"
	"bytes"
	"compress/flate"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Flags of an entry; phi/internal/words/lists.go has the same.
const (
	givenShift   = 0 // 1 rare, 2 common, 3 very common
	surnameShift = 2 // 1 from a list of proper names, 2 a surname, 3 very common
	wordShift    = 4 // 1 rare, 2 common, 3 very common
	cityShift    = 6 // 1 small, 2 large, 3 a medicine
)

type lists map[string]uint16

// raise sets a field of name's flags to at least tier.
func (l lists) raise(name string, shift, tier uint16) {
	name = strings.ToLower(strings.TrimSpace(name))
	if n := utf8.RuneCountInString(name); n < 2 || n > 24 || !latin(name) {
		return
	}
	if old := l[name] >> shift & 3; old < tier {
		l[name] += (tier - old) << shift
	}
}

// named reports whether a word is more than rarely a name.
func (l lists) named(w string) bool { return l[w]>>givenShift&3 >= 2 || l[w]>>surnameShift&3 >= 2 }

// latin reports whether name is written in Latin letters.
func latin(name string) bool {
	for _, r := range name {
		if r > 0x24f || !unicode.IsLetter(r) && r != '\'' && r != '-' && r != ' ' && r != '.' {
			return false
		}
	}
	return true
}

func main() {
	tsv := flag.String("lists", "lists.tsv", "what lists.mjs printed")
	scowl := flag.String("scowl", "", "folder of SCOWL's lists")
	out := flag.String("out", "lists.bin", "file to write")
	flag.Parse()
	l := lists{}
	rare, towns, err := l.readTSV(*tsv)
	if err != nil {
		fatal(err)
	}
	if err := l.readSCOWL(*scowl); err != nil {
		fatal(err)
	}
	for n := range strings.FieldsSeq(ratherNames) {
		l[n] &^= 3 << wordShift
	}
	for m := range strings.FieldsSeq(medicines) {
		l.raise(m, cityShift, 3)
	}
	l.addRare(rare, givenShift, 1)
	l.addRare(strings.Fields(worldGiven), givenShift, 1)
	l.addRare(strings.Fields(worldSurnames), surnameShift, 2)
	l.addTowns(towns)
	b := l.encode()
	if err := os.WriteFile(*out, b, 0o644); err != nil {
		fatal(err)
	}
	fmt.Printf("%d entries, %d bytes\n", len(l), len(b))
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, "phitools:", err)
	os.Exit(1)
}

// addRare raises what is a name only: no word, city or medicine. Most people
// who read a rare name beside a word think of the word.
func (l lists) addRare(names []string, shift, tier uint16) {
	for _, n := range names {
		n = strings.ToLower(n)
		if l[n]>>wordShift == 0 && len(n) > 2 {
			l.raise(n, shift, tier)
		}
	}
}

// addTowns adds the towns with names of their own: no English word, no given name, no surname
// but a rare one, and no medicine. What begins with an article reads like any other word with
// one, and three letters are an abbreviation.
func (l lists) addTowns(names []string) {
	for _, n := range names {
		n = strings.ToLower(n)
		f := l[n]
		if len(n) > 3 && f&3 == 0 && f>>surnameShift&3 < 2 && f>>wordShift == 0 && !strings.HasPrefix(n, "the ") {
			l.raise(n, cityShift, 1)
		}
	}
}

// ratherNames are words, too, but hardly anybody who reads one thinks of that: the plains of
// the moon are maria, a male cat is a tom.
const ratherNames = `maria peter harry timothy benjamin veronica charlie tom hector molly john bobby johnny jimmy billy troy
	sheila colleen jenny mike tony joey ted brad sally derrick`

// readTSV adds the lists that lists.mjs printed. It returns given names that are rare and
// towns that are small.
func (l lists) readTSV(path string) (rare, towns []string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	for in := bufio.NewScanner(f); in.Scan(); {
		fields := strings.Split(in.Text(), "\t")
		if len(fields) != 3 {
			return nil, nil, fmt.Errorf("%s: a line doesn't have three fields", path)
		}
		name := fields[1]
		weight, err := strconv.Atoi(fields[2])
		if err != nil {
			return nil, nil, fmt.Errorf("%s: a weight isn't a number", path)
		}
		switch fields[0] {
		case "given":
			switch { // births since 1925
			case weight >= 50000:
				l.raise(name, givenShift, 3)
			case weight >= 5000:
				l.raise(name, givenShift, 2)
			case weight >= 700:
				l.raise(name, givenShift, 1)
			case weight >= 150:
				rare = append(rare, name)
			}
		case "given-intl":
			for part := range strings.FieldsSeq(name) {
				l.raise(part, givenShift, 1)
			}
		case "surname":
			l.raise(name, surnameShift, 2)
		case "surname-us":
			l.raise(name, surnameShift, 2)
			if weight < 500 {
				l.raise(name, surnameShift, 3)
			}
		case "town":
			towns = append(towns, name)
		case "city":
			l.raise(name, cityShift, 1)
			if weight >= 100000 {
				l.raise(name, cityShift, 2)
			}
		}
	}
	return rare, towns, nil
}

// readSCOWL adds words by commonness and proper names.
func (l lists) readSCOWL(dir string) error {
	tiers := map[string]uint16{"10": 3, "20": 3, "35": 2, "40": 1, "50": 1, "55": 1, "60": 1}
	for _, variety := range []string{"english", "american", "british", "british_z", "canadian"} {
		american := variety == "english" || variety == "american"
		for _, size := range slices.Sorted(maps.Keys(tiers)) {
			err := eachLine(filepath.Join(dir, variety+"-words."+size), func(w string) {
				if american || !l.named(w) { // Matt and Grey are rather names in the USA
					l.raise(w, wordShift, tiers[size])
				}
			})
			if err != nil {
				return err
			}
		}
	}
	for _, variety := range []string{"english", "american"} {
		err := eachLine(filepath.Join(dir, variety+"-words.70"), func(w string) {
			if medical(w) {
				l.raise(w, wordShift, 1)
			}
		})
		if err != nil {
			return err
		}
		for _, size := range []string{"50", "60", "70"} {
			for _, kind := range []string{"-proper-names.", "-upper."} {
				path := filepath.Join(dir, variety+kind+size)
				if _, err := os.Stat(path); err != nil {
					continue
				}
				err := eachLine(path, func(w string) {
					if w[0] >= 'A' && w[0] <= 'Z' && strings.ToUpper(w) != w {
						l.raise(w, surnameShift, 1)
					}
				})
				if err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// medical reports whether a word ends as those of medicine do.
func medical(w string) bool {
	singular := strings.TrimSuffix(w, "s")
	for _, e := range medicalEndings {
		if len(singular) >= 7 && (strings.HasSuffix(w, e) || strings.HasSuffix(singular, e)) {
			return true
		}
	}
	return false
}

var medicalEndings = strings.Fields(`itis osis emia aemia oma pathy ectomy otomy ostomy plasty algia plegia uria rrhea rrhage tion sion graphy gram scopy logy logical logic
	metry trophy penia sthenia esthesia phasia phagia pnea ptysis edema thema dermal genic genous ceps ular ial eal oid otic atic etic itic ical ase ose in ine ide ate one
	ol ism ity ness cyte blast mania phobia`)

func eachLine(path string, f func(string)) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	for line := range bytes.Lines(b) {
		runes := make([]rune, 0, len(line)) // the lists are ISO 8859-1
		for _, c := range bytes.TrimSpace(line) {
			runes = append(runes, rune(c))
		}
		if w := string(runes); w != "" && !strings.HasSuffix(w, "'s") {
			f(w)
		}
	}
	return nil
}

// encode writes the entries in order, each with the number of bytes it shares
// with the one before it, and compresses the whole.
func (l lists) encode() []byte {
	var lengths, text, flags bytes.Buffer
	last := ""
	for _, name := range slices.Sorted(maps.Keys(l)) {
		shared := 0
		for shared < len(last) && shared < len(name) && last[shared] == name[shared] {
			shared++
		}
		lengths.WriteByte(byte(shared))
		lengths.WriteByte(byte(len(name) - shared))
		text.WriteString(name[shared:])
		flags.WriteByte(byte(l[name]))
		last = name
	}
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestCompression)
	if err != nil {
		fatal(err)
	}
	header := []byte{byte(len(l)), byte(len(l) >> 8), byte(len(l) >> 16), byte(len(l) >> 24)}
	for _, part := range [][]byte{header, lengths.Bytes(), flags.Bytes(), text.Bytes()} {
		w.Write(part) // to memory: can't fail
	}
	w.Close()
	return out.Bytes()
}
