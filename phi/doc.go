// Package phi removes protected health information (PHI) from JSON and text.
package phi
