package eventbus

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"testing"
)

// TestKnownTroubles: for each well-known trouble of libraries on Redis Streams there
// are tests of this package which show that it isn't carebus'. Those of the lake are in
// package etl.
func TestKnownTroubles(t *testing.T) {
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for _, file := range files {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				there[f.Name.Name] = true
			}
		}
	}
	for _, trouble := range []struct {
		what  string
		tests []string
	}{
		{"an ACK frees no memory", []string{"TestTrimSparesWhatIsNeeded"}},
		{"MAXLEN drops unread events", []string{"TestFullBusRefusesAndLosesNothing", "TestALakeThatWasAwayEmptiesAFullBus"}},
		{"the lag is wrong after trimming", []string{"TestLakeGroupShowsLag", "TestLagIsUnknownRatherThanWrong"}},
		{"pending entries can't be reached, or are ghosts", []string{"TestAnotherConsumerTakesOver", "TestVanishedEntriesAreCounted", "TestClaimsReachTheEndOfALongList"}},
		{"removing a consumer loses its entries", []string{"TestLeavingConsumerLosesNothing"}},
		{"busy consumers hoard, and slow ones are robbed", []string{"TestBusyConsumerLeavesTheRestToOthers", "TestSlowHandlersKeepTheirEntries"}},
		{"poison loops", []string{"TestRetriesThenDeadLetter", "TestStrangersEntriesBecomeDeadLetters", "TestPoisonThatKillsItsConsumer", "TestPoisonSparesWhatStoodBesideIt"}},
		{"groups are lost", []string{"TestLostGroupGoesOnAtItsCheckpoint", "TestLostStreamGoesOn", "TestOpenRefusesAServerThatEvicts"}},
		{"retries publish twice", []string{"TestUnknownOutcomeThenRetryWritesOnce"}},
		{"blocking reads starve publishing", []string{"TestManyConsumersDoNotStarvePublishing"}},
		{"order is lost, or keys stand in several slots", []string{"TestConsumeEachEventOnceInOrder", "TestShardsKeepSubjectsTogether", "TestOrderOutlivesRebalancing"}},
		{"a failover loses acknowledged events in silence", []string{"TestMinReplicas", "TestFailoverAccountsForWhatItLost"}},
		{"payloads leak", []string{"TestCanaryIsNowhere"}},
	} {
		for _, name := range trouble.tests {
			if !there[name] {
				t.Errorf("%s: there is no %s", trouble.what, name)
			}
		}
	}
}
