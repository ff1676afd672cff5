package athena_test

import (
	"fmt"

	"github.com/carebus/carebus/etl/athena"
	"github.com/carebus/carebus/schema"
)

// Print what creates the tables of a lake.
func Example() {
	statements, err := athena.Statements(athena.Config{
		Registry:    schema.Catalogue(),
		Location:    "s3://lake-bucket",
		Environment: "production",
		FirstYear:   2024, LastYear: 2035,
	})
	if err != nil {
		fmt.Println(err)
	}
	for _, s := range statements {
		fmt.Println(s.Name)
	}
	// Output:
	// events_production
	// events_production_v
	// events_production_once
	// quarantine_production
}
