package httpapi_test

import (
	"encoding/json"
	"math/rand/v2"
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/carebus/carebus/schema"
)

// secret stands in generated requests wherever a value can. It fits no grammar
// of an id or attribute, so no answer has a reason to hold it.
const secret = "Zq7x Canary"

// A generator makes values from the document's schemas, and damages them.
type generator struct {
	*rand.Rand
	types []string
}

func newGenerator(seed uint64) *generator {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 7))}
	for _, t := range schema.Catalogue().Types() {
		g.types = append(g.types, t.Name)
	}
	return g
}

func (g *generator) chance(percent int) bool { return g.IntN(100) < percent }

// value returns a value that a schema admits.
func (g *generator) value(s map[string]any, depth int) any {
	if ref, ok := s["$ref"].(string); ok {
		if strings.HasSuffix(ref, "/TypeName") && g.chance(80) {
			return g.types[g.IntN(len(g.types))]
		}
		return g.value(resolve(ref), depth)
	}
	if one, ok := s["oneOf"].([]any); ok {
		return g.value(one[g.IntN(len(one))].(map[string]any), depth)
	}
	if list, ok := s["enum"].([]any); ok {
		return list[g.IntN(len(list))]
	}
	if c, ok := s["const"]; ok {
		return c
	}
	kind := s["type"]
	if kinds, ok := kind.([]any); ok {
		kind = kinds[g.IntN(len(kinds))]
	}
	switch kind {
	case "object":
		return g.object(s, depth)
	case "array":
		n := 1 + g.IntN(3)
		list := make([]any, n)
		for i := range list {
			list[i] = g.value(s["items"].(map[string]any), depth+1)
		}
		return list
	case "integer":
		return 1 + g.IntN(3)
	case "number":
		return g.Float64()
	case "boolean":
		return g.chance(50)
	case "null":
		return nil
	}
	switch {
	case s["format"] == "date-time":
		return "2026-01-02T03:04:05Z"
	case s["pattern"] != nil:
		return g.match(s["pattern"].(string))
	}
	return secret
}

func (g *generator) object(s map[string]any, depth int) any {
	o := map[string]any{}
	properties, _ := s["properties"].(map[string]any)
	required, _ := s["required"].([]any)
	for _, name := range slices.Sorted(keys(properties)) {
		if slices.Contains(required, any(name)) || g.chance(25) {
			o[name] = g.value(properties[name].(map[string]any), depth+1)
		}
	}
	if properties == nil { // a payload: anything
		for range g.IntN(3) {
			o[g.match("^[a-z_]{1,8}$")] = g.anything(depth + 1)
		}
	}
	return o
}

// keys is maps.Keys for what encoding/json makes.
func keys(m map[string]any) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// anything returns any JSON value, most with the secret in it.
func (g *generator) anything(depth int) any {
	switch n := g.IntN(12); {
	case n == 0:
		return nil
	case n == 1:
		return g.chance(50)
	case n == 2:
		return json.Number([]string{"-1", "0", "1e400", "9223372036854775808", "0.1", "-0"}[g.IntN(6)])
	case n == 3 && depth < 5:
		return []any{g.anything(depth + 1), g.anything(depth + 1)}
	case n == 4 && depth < 5:
		return map[string]any{secret: g.anything(depth + 1)}
	case n == 5:
		return ""
	case n == 6:
		return strings.Repeat(secret, 200)
	case n == 7:
		return "\x00\u2028" + secret + "\U0001F600"
	}
	return secret
}

// match returns a string that a pattern matches.
func (g *generator) match(pattern string) string {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		panic(err)
	}
	var b strings.Builder
	g.expand(&b, re)
	return b.String()
}

func (g *generator) expand(b *strings.Builder, re *syntax.Regexp) {
	switch re.Op {
	case syntax.OpLiteral:
		b.WriteString(string(re.Rune))
	case syntax.OpCharClass:
		i := 2 * g.IntN(len(re.Rune)/2)
		b.WriteRune(re.Rune[i] + g.Int32N(re.Rune[i+1]-re.Rune[i]+1))
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			g.expand(b, sub)
		}
	case syntax.OpCapture:
		g.expand(b, re.Sub[0])
	case syntax.OpAlternate:
		g.expand(b, re.Sub[g.IntN(len(re.Sub))])
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat:
		low, high := re.Min, re.Max
		switch re.Op {
		case syntax.OpStar:
			low, high = 0, 6
		case syntax.OpPlus:
			low, high = 1, 6
		case syntax.OpQuest:
			low, high = 0, 1
		}
		if high < 0 {
			high = low + 6
		}
		for range low + g.IntN(high-low+1) {
			g.expand(b, re.Sub[0])
		}
	}
}

// damage replaces something within a value.
func (g *generator) damage(v any) any {
	switch v := v.(type) {
	case map[string]any:
		names := slices.Sorted(keys(v))
		if len(names) > 0 && g.chance(85) {
			name := names[g.IntN(len(names))]
			switch g.IntN(4) {
			case 0:
				delete(v, name)
			case 1:
				v[name] = g.anything(0)
			default:
				v[name] = g.damage(v[name])
			}
			return v
		}
		v[secret] = g.anything(0)
		return v
	case []any:
		if len(v) > 0 && g.chance(80) {
			i := g.IntN(len(v))
			v[i] = g.damage(v[i])
			return v
		}
	}
	return g.anything(0)
}

// bytes encodes a value, now and then as something that is no JSON any more.
func (g *generator) bytes(v any, whole bool) string {
	b, err := json.Marshal(v)
	if err != nil { // 1e400 and the like
		return secret
	}
	s := string(b)
	if whole {
		return s
	}
	switch g.IntN(12) {
	case 0:
		return s[:g.IntN(len(s)+1)]
	case 1:
		i := g.IntN(len(s) + 1)
		return s[:i] + "\xff" + s[i:]
	case 2:
		return strings.Repeat("[", 20_000)
	case 3:
		return strings.Replace(s, "{", `{"`+secret+`":1,"id":"a","id":"b",`, 1)
	case 4:
		return s + s
	}
	return s
}

// resolve returns the schema that a reference names.
func resolve(ref string) map[string]any {
	_, raw := theDocument()
	var at any = raw
	for part := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
		at = at.(map[string]any)[part]
	}
	return at.(map[string]any)
}
