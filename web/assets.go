// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

//go:embed pages static
var files embed.FS

// An asset is a file of static/ as it is sent: its address holds a hash of its content, so that it may be kept for ever.
type asset struct {
	address string
	kind    string
	plain   []byte
	gzipped []byte
}

var assetKinds = map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}

// readAssets reads static/ and returns its files by name.
func readAssets() (map[string]asset, error) {
	entries, err := fs.ReadDir(files, "static")
	if err != nil {
		return nil, err
	}
	all := map[string]asset{}
	for _, e := range entries {
		text, err := files.ReadFile("static/" + e.Name())
		if err != nil {
			return nil, err
		}
		kind, ok := assetKinds[path.Ext(e.Name())]
		if !ok {
			return nil, fmt.Errorf("web: static/%s has no known type", e.Name())
		}
		sum := sha256.Sum256(text)
		all[e.Name()] = asset{"/static/" + hex.EncodeToString(sum[:6]) + "/" + e.Name(), kind, text, squeeze(text)}
	}
	return all, nil
}

func squeeze(text []byte) []byte {
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level exists
	z.Write(text)
	z.Close()
	return b.Bytes()
}

// serveAsset sends a file by the address that pages name it by. An old hash is not found: its page is old, too.
func (s *site) serveAsset(v *visit) error {
	a, ok := s.assets[v.r.PathValue("name")]
	if !ok || a.address != v.r.URL.Path {
		return errNoPage
	}
	h := v.w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	body := a.plain
	if strings.Contains(v.r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = a.gzipped
	}
	h.Set("Content-Length", fmt.Sprint(len(body)))
	if v.r.Method != http.MethodHead {
		v.w.Write(body)
	}
	return nil
}
