package httpapi

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"
)

// A rawEvent is one event as it came.
type rawEvent struct {
	json       []byte            // the event, or its data where attributes are set
	cloudEvent bool              // json must be a CloudEvents object
	attributes map[string]string // of an event in binary mode
}

const mediaTypes = "Send application/json, application/cloudevents+json, application/cloudevents-batch+json or application/x-ndjson, in UTF-8, plain or in gzip."

// readEvents reads the body and cuts it into events. Single is true for a
// request that holds one event, not as a batch.
func (h *Handler) readEvents(c *call) (events []rawEvent, single bool, bad *problem) {
	contentType := c.r.Header.Get("Content-Type")
	specVersion := len(c.r.Header.Values("Ce-Specversion")) > 0
	if contentType == "" && specVersion { // an event without data has no type of it either
		return h.bareEvent(c)
	}
	mediaType, params, err := mime.ParseMediaType(contentType)
	if err != nil || params["charset"] != "" && !strings.EqualFold(params["charset"], "utf-8") {
		return nil, false, newProblem("unsupported-type", mediaTypes)
	}
	isBinary := specVersion && !strings.HasPrefix(mediaType, "application/cloudevents")
	isJSON := mediaType == "application/json" || mediaType == "text/json"
	switch {
	case isBinary && (isJSON || strings.HasSuffix(mediaType, "+json")), isJSON,
		mediaType == "application/cloudevents+json", mediaType == "application/cloudevents-batch+json", mediaType == "application/x-ndjson":
	default:
		return nil, false, newProblem("unsupported-type", mediaTypes)
	}
	body, bad := h.readBody(c)
	switch {
	case bad != nil:
		return nil, false, bad
	case len(body) == 0 && !isBinary:
		return nil, false, newProblem("bad-body", "The body is empty.")
	case isBinary:
		attributes, bad := binaryAttributes(c.r.Header)
		return []rawEvent{{json: body, attributes: attributes}}, true, bad
	case mediaType == "application/cloudevents-batch+json":
		events, bad = h.cutArray(body, true)
		return events, false, bad
	case mediaType == "application/x-ndjson":
		for line := range bytes.Lines(body) {
			if line = bytes.TrimSpace(line); len(line) == 0 {
				continue
			}
			if len(events) == h.config.MaxBatch {
				return nil, false, h.tooMany()
			}
			events = append(events, rawEvent{json: line})
		}
		return events, false, nil
	}
	cloudEvents := mediaType == "application/cloudevents+json"
	if trimmed := bytes.TrimLeft(body, " \t\r\n"); len(trimmed) > 0 && trimmed[0] == '[' {
		events, bad = h.cutArray(body, cloudEvents)
		return events, false, bad
	}
	return []rawEvent{{json: body, cloudEvent: cloudEvents}}, true, nil
}

// bareEvent reads an event in binary mode that has no data, and so no body.
func (h *Handler) bareEvent(c *call) ([]rawEvent, bool, *problem) {
	body, bad := h.readBody(c)
	if bad == nil && len(body) > 0 {
		bad = newProblem("unsupported-type", mediaTypes)
	}
	if bad != nil {
		return nil, false, bad
	}
	attributes, bad := binaryAttributes(c.r.Header)
	return []rawEvent{{attributes: attributes}}, true, bad
}

// readBody reads the body, decompressed.
func (h *Handler) readBody(c *call) ([]byte, *problem) {
	limit := h.config.MaxBodyBytes
	var in io.Reader = http.MaxBytesReader(c.w, c.r.Body, limit)
	switch strings.ToLower(c.r.Header.Get("Content-Encoding")) {
	case "", "identity":
	case "gzip":
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, h.bodyProblem(err)
		}
		defer z.Close() //nolint:errcheck // it was read
		in = z
	default:
		return nil, newProblem("unsupported-type", mediaTypes)
	}
	body, err := io.ReadAll(io.LimitReader(in, limit+1))
	switch {
	case err != nil:
		return nil, h.bodyProblem(err)
	case int64(len(body)) > limit:
		return nil, h.tooLarge()
	}
	return bytes.TrimPrefix(body, []byte("\uFEFF")), nil // RFC 8259, section 8.1: it may be ignored
}

func (h *Handler) bodyProblem(err error) *problem {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return h.tooLarge()
	}
	return newProblem("bad-body", "It ended early, came too slowly, or its compression is damaged.")
}

func (h *Handler) tooLarge() *problem {
	return newProblem("body-too-large", fmt.Sprintf("It may have %d bytes, also once it is decompressed.", h.config.MaxBodyBytes))
}

func (h *Handler) tooMany() *problem {
	return newProblem("too-many-events", fmt.Sprintf("It may hold %d.", h.config.MaxBatch))
}

// cutArray cuts a JSON array into its elements, one after another: those of a body
// of nothing but commas would take many times its size.
func (h *Handler) cutArray(body []byte, cloudEvents bool) ([]rawEvent, *problem) {
	bad := newProblem("bad-body", "The body must be a JSON array of events, in UTF-8.")
	in := json.NewDecoder(bytes.NewReader(body))
	if open, err := in.Token(); !utf8.Valid(body) || err != nil || open != json.Delim('[') {
		return nil, bad
	}
	var events []rawEvent
	for in.More() {
		if len(events) == h.config.MaxBatch {
			return nil, h.tooMany()
		}
		var element json.RawMessage
		if in.Decode(&element) != nil {
			return nil, bad
		}
		events = append(events, rawEvent{json: element, cloudEvent: cloudEvents})
	}
	if _, err := in.Token(); err != nil { // the end of the array
		return nil, bad
	}
	if _, err := in.Token(); err != io.EOF { //nolint:errorlint // of package json, as it is
		return nil, bad
	}
	return events, nil
}

func isJSON(b []byte) bool { return utf8.Valid(b) && json.Valid(b) }

// hasSpecVersion reports whether JSON is an object with that member.
func hasSpecVersion(b []byte) bool {
	var e struct {
		SpecVersion json.RawMessage `json:"specversion"`
	}
	return json.Unmarshal(b, &e) == nil && e.SpecVersion != nil
}

// binaryAttributes returns the attributes of an event in the binary mode of
// CloudEvents' HTTP binding, which stand in ce- headers.
func binaryAttributes(header http.Header) (map[string]string, *problem) {
	attributes := map[string]string{}
	if contentType := header.Get("Content-Type"); contentType != "" {
		attributes["datacontenttype"] = contentType
	}
	for name, values := range header {
		attribute, ok := strings.CutPrefix(strings.ToLower(name), "ce-")
		if !ok {
			continue
		}
		if len(values) != 1 {
			return nil, newProblem("bad-parameter", "A ce- header stands twice.")
		}
		// Header values are percent-encoded UTF-8 (HTTP binding, 3.1.3.2).
		value, err := url.PathUnescape(values[0])
		if err != nil || !utf8.ValidString(value) {
			return nil, newProblem("bad-parameter", "A ce- header is not percent-encoded UTF-8.")
		}
		attributes[attribute] = value
	}
	return attributes, nil
}
