package parquet

import "time"

func millis(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

func parseTime(s string) (time.Time, error) {
	t, err := time.Parse(timeLayout, s)
	return t.UTC(), err
}
