// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"database/sql"
	"sync"
)

// prepared keeps SQLite's write statements compiled, which otherwise takes a fifth of an act's time.
// PostgreSQL's driver does so by itself. The write pool has one connection, so a statement cannot be prepared for the pool while
// a transaction holds it: what a transaction ran unprepared is prepared after it, for the next one.
type prepared struct {
	mu     sync.Mutex
	ready  map[string]*sql.Stmt
	wanted map[string]bool
}

const maxPrepared = 300

// statement returns the compiled query, or nil and remembers that it was asked for.
func (p *prepared) statement(query string) *sql.Stmt {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.ready[query]
	if s == nil && len(p.ready)+len(p.wanted) < maxPrepared {
		p.wanted[query] = true
	}
	return s
}

// prepare compiles what was asked for. It is called when no transaction of the caller's is open.
func (p *prepared) prepare(ctx context.Context, pool *sql.DB) {
	p.mu.Lock()
	wanted := p.wanted
	p.wanted = map[string]bool{}
	p.mu.Unlock()
	for query := range wanted {
		s, err := pool.PrepareContext(ctx, query)
		if err != nil {
			continue // it will say so itself when it is run
		}
		p.mu.Lock()
		if p.ready[query] == nil {
			p.ready[query] = s
		} else {
			defer s.Close()
		}
		p.mu.Unlock()
	}
}
