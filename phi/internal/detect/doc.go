// Package detect finds identifiers in text.
//
// A text is split into tokens: words, numbers and other characters. One pass puts
// each number, sign and cue before the recognizer that begins with it; then names and
// places are looked for among the words. What is found is a [Span].
//
//	var sc detect.Scanner
//	spans := sc.Find(&detect.Rules{Lex: lexicon.Standard()}, &detect.Known{}, text, lexicon.Text, nil)
package detect

// Where things are, in the order in which data flows:
//
//	scanner harmless rules known said        a scan, what it goes by beyond the lists, and values that are known
//	tokens capitals* again                   a text becomes tokens; words get the case that they would have elsewhere
//	recognize_* births checks formdata       numbers, dates and addresses are found
//	names* spanish eponyms tools programs things*     then names,
//	places* facilities*                      and places
