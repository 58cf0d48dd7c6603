// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"io/fs"
	"strings"
	"testing"

	"ledsyn/register"
)

// The smallest files of each kind.
const (
	samplePDF = "%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

	wordTypes = `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`
)

func samplePNG() string {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, 3, 2))) // a buffer takes all
	return b.String()
}

func sampleJPEG() string {
	var b bytes.Buffer
	_ = jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 3, 2)), nil)
	return b.String()
}

// A part is one file in an archive.
type part struct {
	name, text string
	mode       fs.FileMode
}

func zipped(t testing.TB, parts ...part) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range parts {
		h := &zip.FileHeader{Name: p.name, Method: zip.Deflate}
		if p.mode != 0 {
			h.SetMode(p.mode)
		}
		w, err := z.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(p.text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// docx is a DOCX with more parts in it.
func docx(t testing.TB, more ...part) string {
	return zipped(t, append([]part{{name: typesPart, text: wordTypes}, {name: "word/document.xml", text: "<document/>"}}, more...)...)
}

func xlsx(t testing.TB) string {
	types := strings.NewReplacer("/word/document.xml", "/xl/workbook.xml", "wordprocessingml.document.main", "spreadsheetml.sheet.main").Replace(wordTypes)
	return zipped(t, part{name: typesPart, text: types}, part{name: "xl/workbook.xml", text: "<workbook/>"})
}

// vast is a picture of a few bytes that says it is 100,000 by 100,000.
func vast(t testing.TB) string {
	b := []byte(samplePNG())
	binary.BigEndian.PutUint32(b[16:], 100_000)
	binary.BigEndian.PutUint32(b[20:], 100_000)
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	if _, err := png.DecodeConfig(bytes.NewReader(b)); err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestWhatMayBeAttached(t *testing.T) {
	macros := strings.Replace(wordTypes, "openxmlformats-officedocument.wordprocessingml.document.main", "ms-word.document.macroEnabled.main", 1)
	svg := `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`
	says := func(size uint32) string { // a part that says it unpacks to that many bytes, and does to 5,000
		b := []byte(docx(t, part{name: "word/media/a", text: strings.Repeat("0", 5000)}))
		at := bytes.LastIndex(b, []byte("word/media/a")) - 46 // its line in the directory
		binary.LittleEndian.PutUint32(b[at+24:], size)
		return string(b)
	}
	locked := []byte(docx(t))
	locked[bytes.LastIndex(locked, []byte("word/document.xml"))-46+8] |= 1

	for name, c := range map[string]struct {
		as, body string
		kept     string // its name; "" if it is refused
		wrong    string
	}{
		"pdf":                       {"Beslut.pdf", samplePDF, "Beslut.pdf", ""},
		"pdf with a great ending":   {"BESLUT.PDF", samplePDF, "BESLUT.pdf", ""},
		"png":                       {"bild.png", samplePNG(), "bild.png", ""},
		"jpeg":                      {"foto.JPEG", sampleJPEG(), "foto.jpeg", ""},
		"jpeg with a trailer":       {"foto.jpg", sampleJPEG() + "SEFT telefon", "foto.jpg", ""},
		"docx":                      {"Rutin.docx", docx(t), "Rutin.docx", ""},
		"xlsx":                      {"Lista.xlsx", xlsx(t), "Lista.xlsx", ""},
		"text":                      {"a.txt", "Hej på dig\r\n\tåäö", "a.txt", ""},
		"text of Windows":           {"a.txt", "Hej p\xe5 dig \x80", "a.txt", ""},
		"no ending":                 {"Beslut", samplePDF, "Beslut.pdf", ""},
		"folders":                   {`D:\Underlag\Beslut.pdf`, samplePDF, "Beslut.pdf", ""},
		"a way up":                  {"../../etc/passwd", "root", "passwd.txt", ""},
		"line breaks":               {"a\r\nSet-Cookie: x.pdf", samplePDF, "a Set-Cookie: x.pdf", ""},
		"turned text":               {"faktura\u202efdp.exe.pdf", samplePDF, "fakturafdp.exe.pdf", ""},
		"no name":                   {"\u202e\u200b.pdf", samplePDF, "", "file_name"},
		"only dots":                 {"....pdf", samplePDF, "", "file_name"},
		"long name":                 {strings.Repeat("å", 197) + ".pdf", samplePDF, "", "file_name_long"},
		"empty":                     {"a.txt", "", "", "file_empty"},
		"svg":                       {"a.svg", svg, "", "file_type"},
		"svg as png":                {"a.png", svg, "", "file_extension"},
		"html as jpg":               {"a.jpg", "<html><script>", "", "file_extension"},
		"html":                      {"a.html", "<html>", "", "file_type"},
		"a script":                  {"a.cmd", "echo", "", "file_type"},
		"a program":                 {"a.txt", "MZ\x90\x00\x03", "", "file_type"},
		"pdf as png":                {"a.png", samplePDF, "", "file_extension"},
		"pdf as program":            {"a.exe", samplePDF, "", "file_extension"},
		"docx as xlsx":              {"a.xlsx", docx(t), "", "file_extension"},
		"cut pdf":                   {"a.pdf", "%PDF-1.7\n1 0 obj", "", "file_cut"},
		"cut png":                   {"a.png", samplePNG()[:40], "", "file_cut"},
		"png with a tail":           {"a.png", samplePNG() + "<script>", "", "file_cut"},
		"cut jpeg":                  {"a.jpg", sampleJPEG()[:20], "", "file_picture"},
		"vast picture":              {"a.png", vast(t), "", "file_pixels"},
		"picture and archive":       {"a.jpg", sampleJPEG() + zipped(t, part{name: "x", text: "x"}), "", "file_two_types"},
		"pdf and archive":           {"a.pdf", samplePDF + zipped(t, part{name: "x", text: "x"}), "", "file_two_types"},
		"utf-16":                    {"a.txt", "\xff\xfeH\x00e\x00j\x00", "", "file_type"},
		"no text":                   {"a.txt", "\x81\x8d\xff", "", "file_text"},
		"ole":                       {"a.docx", oleBegins + strings.Repeat("\x00", 600), "", "file_ole"},
		"any archive":               {"a.docx", zipped(t, part{name: "x", text: "x"}), "", "file_type"},
		"archive without documents": {"a.docx", zipped(t, part{name: typesPart, text: wordTypes}), "", "file_type"},
		"bad types":                 {"a.docx", zipped(t, part{name: typesPart, text: "<Types>"}, part{name: "word/document.xml"}), "", "file_cut"},
		"macros":                    {"a.docx", docx(t, part{name: "word/vbaProject.bin", text: "x"}), "", "file_macros"},
		"macros by type":            {"a.docx", zipped(t, part{name: typesPart, text: macros}, part{name: "word/document.xml"}), "", "file_macros"},
		"old macros":                {"a.xlsx", docx(t, part{name: "xl/macrosheets/sheet1.xml"}), "", "file_macros"},
		"a way out":                 {"a.docx", docx(t, part{name: "../../evil"}), "", "file_parts"},
		"a way from the top":        {"a.docx", docx(t, part{name: "/etc/passwd"}), "", "file_parts"},
		"a way out in Windows":      {"a.docx", docx(t, part{name: `..\evil`}), "", "file_parts"},
		"a link":                    {"a.docx", docx(t, part{"word/link", "/etc/passwd", fs.ModeSymlink | 0o777}), "", "file_parts"},
		"the same part twice":       {"a.docx", docx(t, part{name: "WORD/document.xml"}), "", "file_parts"},
		"bomb":                      {"a.docx", says(500 << 20), "", "file_bomb"},
		"a part that lies":          {"a.docx", says(7), "", "file_cut"},
		"a part that boasts":        {"a.docx", says(5_001), "", "file_cut"},
		"a part behind a password":  {"a.docx", string(locked), "", "file_locked"},
		"cut docx":                  {"a.docx", docx(t)[:200], "", "file_cut"},
	} {
		t.Run(name, func(t *testing.T) {
			kind, kept, err := attachable(c.as, strings.NewReader(c.body), int64(len(c.body)))
			var wrong register.Wrongs
			switch {
			case c.wrong == "" && (err != nil || kept != c.kept || kind.media == ""):
				t.Errorf("kept as %q, %v", kept, err)
			case c.wrong != "" && !errors.As(err, &wrong):
				t.Errorf("not refused: %q %s, %v", kept, kind.media, err)
			case c.wrong != "" && wrong[0].Code != c.wrong:
				t.Errorf("refused by %s, want %s", wrong[0].Code, c.wrong)
			}
		})
	}
}

// FuzzAttachable holds that no file makes the check fail in another way than with words, or keep a name that could be a path.
func FuzzAttachable(f *testing.F) {
	for _, body := range []string{samplePDF, samplePNG(), sampleJPEG(), "text", docx(f), xlsx(f), oleBegins} {
		f.Add("namn.pdf", []byte(body))
	}
	f.Fuzz(func(t *testing.T, name string, body []byte) {
		_, kept, err := attachable(name, bytes.NewReader(body), int64(len(body)))
		var wrong register.Wrongs
		if err != nil && !errors.As(err, &wrong) {
			t.Fatal(err)
		}
		if err == nil && (kept == "" || strings.ContainsAny(kept, "/\\\r\n\x00") || !strings.Contains(kept, ".")) {
			t.Fatalf("kept as %q", kept)
		}
	})
}
