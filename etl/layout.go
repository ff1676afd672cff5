package etl

import (
	"fmt"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// A layout knows the keys of a lake, as the package documentation lists them.
type layout struct {
	prefix      string // empty, or ending with a slash
	environment string
}

func newLayout(prefix, environment string) layout { return layout{withSlash(prefix), environment} }

// PlanKey returns the key of plan n of a log in the lake of an environment, as a
// [Config] with that prefix puts it.
func PlanKey(prefix, environment, log string, n uint64) string {
	return newLayout(prefix, environment).plan(log, n)
}

// withSlash ends a prefix with a slash unless it is empty.
func withSlash(prefix string) string {
	if prefix == "" || strings.HasSuffix(prefix, "/") {
		return prefix
	}
	return prefix + "/"
}

// The folders of a lake that are no table of events.
const (
	plansFolder      = "plans"
	quarantineFolder = "quarantine"
	holdsFolder      = "holds"
)

// validTable reports whether events may go to a table of that name.
func validTable(name string) bool {
	if name == "" || len(name) > 64 || name == plansFolder || name == quarantineFolder || name == holdsFolder {
		return false
	}
	for i := range len(name) {
		b := name[i]
		if b != '_' && (b < 'a' || b > 'z') && (b < '0' || b > '9') {
			return false
		}
	}
	return name[0] >= 'a' && name[0] <= 'z'
}

// table is the folder of a table, or of what stands beside the tables.
func (l layout) table(name string) string { return l.prefix + name + "/" + l.environment + "/" }
func (l layout) quarantine() string       { return l.table(quarantineFolder) }

// plans is the folder of a log's plans.
func (l layout) plans(log string) string { return l.table(plansFolder) + log + "/" }

func (l layout) plan(log string, n uint64) string {
	return fmt.Sprintf("%s%020d.json", l.plans(log), n)
}

func (l layout) amendment(log string, n uint64) string {
	return fmt.Sprintf("%s%020d.amended.json", l.plans(log), n)
}

func (l layout) hold(id string) string     { return l.table(holdsFolder) + id + ".json" }
func (l layout) released(id string) string { return l.table(holdsFolder) + id + ".released.json" }

// object is the key of a part of a table's partition that plan n of a log puts.
func (l layout) object(table, partition, log string, n uint64, part int, extension string) string {
	return fmt.Sprintf("%s%s/%s-%020d-%d%s", l.table(table), partition, log, n, part, extension)
}

// objectName is how [layout.object] names an object.
var objectName = regexp.MustCompile(`^(.+)-([0-9]{20})-[0-9]+\.`)

// planOf reads the log and the number of its plan out of an object's key.
func planOf(key string) (log string, n uint64, ok bool) {
	m := objectName.FindStringSubmatch(path.Base(key))
	if m == nil {
		return "", 0, false
	}
	n, err := strconv.ParseUint(m[2], 10, 64)
	return m[1], n, err == nil
}

// holdsRows reports whether a key is one of a table's or of the quarantine's.
func (l layout) holdsRows(key string) bool {
	rest, ok := strings.CutPrefix(key, l.prefix)
	name, rest, _ := strings.Cut(rest, "/")
	return ok && (validTable(name) || name == quarantineFolder) && strings.HasPrefix(rest, l.environment+"/")
}

// inATable reports whether a key for which holdsRows is true is one of a table even
// though no plan lists it. Any word may name a table: of those but the lake's first, a
// folder that looks like a partition tells them from what else is in a bucket, such as
// a lake whose prefix begins with such a word and this environment.
func (l layout) inATable(key string) bool {
	name, rest, _ := strings.Cut(strings.TrimPrefix(key, l.prefix), "/")
	partition, _, _ := strings.Cut(strings.TrimPrefix(rest, l.environment+"/"), "/")
	return name == EventsTable || name == quarantineFolder || strings.Contains(partition, "=")
}

// isQuarantine reports whether a key is one of the quarantine's.
func (l layout) isQuarantine(key string) bool { return strings.HasPrefix(key, l.quarantine()) }
