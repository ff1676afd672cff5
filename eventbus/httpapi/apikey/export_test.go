package apikey

// WithChecksum completes a key's text.
func WithChecksum(text string) string { return text + "_" + checksum(text) }
