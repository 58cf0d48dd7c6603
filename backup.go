// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"sync"

	"ledsyn/app"
)

// keepBackups makes backups in the background as the settings say. What it returns ends that and waits for it.
func (p *program) keepBackups(ctx context.Context, a *app.App) (end func()) {
	a.Backups = &app.Backups{Dir: p.config.Backups, Every: p.config.BackupEvery, Kept: p.config.BackupsKept}
	ctx, stop := context.WithCancel(ctx)
	var background sync.WaitGroup
	background.Go(func() { a.KeepBackups(ctx) })
	return func() {
		stop()
		background.Wait()
	}
}
