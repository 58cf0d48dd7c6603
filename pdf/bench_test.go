// SPDX-License-Identifier: EUPL-1.2

package pdf

import (
	"fmt"
	"io"
	"strings"
	"testing"
)

// reviewLike is about as long as a yearly review: 15 pages, one table of 60 rows.
func reviewLike() Document {
	d := sample()
	for i := range 9 {
		d.Blocks = append(d.Blocks, Heading{Level: 1, Text: fmt.Sprintf("%d Avsnitt", i+6)})
		for j := range 3 {
			d.Blocks = append(d.Blocks, Heading{Level: 2, Text: fmt.Sprintf("%d.%d Del", i+6, j+1)}, Paragraph{Text: Plain(strings.Repeat(filler, 4))})
		}
		d.Blocks = append(d.Blocks, sampleCurve())
	}
	return d
}

func BenchmarkReview(b *testing.B) {
	d := reviewLike()
	r := parse(b, render(b, d))
	for b.Loop() {
		if err := Write(io.Discard, d); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(r.pages)), "pages")
}

func BenchmarkTable1000(b *testing.B) {
	d := with(sampleTable(1000))
	for b.Loop() {
		if err := Write(io.Discard, d); err != nil {
			b.Fatal(err)
		}
	}
}
