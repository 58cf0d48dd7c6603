// SPDX-License-Identifier: EUPL-1.2

package sheet

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

// reference is the sign that &name; stands for.
func reference(name string) (rune, bool) {
	switch name {
	case "amp":
		return '&', true
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	if len(name) < 2 || name[0] != '#' {
		return 0, false
	}
	digits, base := name[1:], 10
	if digits[0] == 'x' || digits[0] == 'X' {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil {
		return 0, false
	}
	if n == 0 || n > utf8.MaxRune {
		return utf8.RuneError, true
	}
	return rune(n), true
}

// attribute takes the first of the attributes that are left.
func attribute(attrs []byte) (name, value, rest []byte, ok bool) {
	for {
		attrs = trimLeft(attrs)
		equal := bytes.IndexByte(attrs, '=')
		if equal < 0 {
			return nil, nil, nil, false
		}
		name = trimRight(attrs[:equal])
		attrs = trimLeft(attrs[equal+1:])
		if len(attrs) == 0 {
			return nil, nil, nil, false
		}
		end := bytes.IndexByte(attrs[1:], attrs[0])
		if end < 0 {
			return nil, nil, nil, false
		}
		value, attrs = attrs[1:1+end], attrs[end+2:]
		if !bytes.HasPrefix(name, []byte("xmlns")) {
			return local(name), value, attrs, true
		}
	}
}

// trimLeft and trimRight take away the blanks of XML; the package bytes is slower.
func trimLeft(s []byte) []byte {
	for len(s) > 0 && s[0] <= ' ' {
		s = s[1:]
	}
	return s
}

func trimRight(s []byte) []byte {
	for len(s) > 0 && s[len(s)-1] <= ' ' {
		s = s[:len(s)-1]
	}
	return s
}

// attr is the value of the attribute of the element that began, "" if it has none.
func (x *xmlReader) attr(wanted string) string {
	for name, value, rest, ok := attribute(x.attrs); ok; name, value, rest, ok = attribute(rest) {
		if string(name) == wanted {
			text, err := x.decoded(value)
			if err != nil {
				return ""
			}
			return string(text)
		}
	}
	return ""
}
