// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"

	"ledsyn/access"
	"ledsyn/register"
	"ledsyn/store"
)

// maxCheckpoint is the longest checkpoint that is read, in bytes. Those that the program signs have some hundred.
const maxCheckpoint = 10000

// Verified is what was gone through when nothing in the journal was wrong.
type Verified = store.Report

// Verify holds the whole journal to its tree, to the records, to the frozen documents and to every checkpoint signed
// earlier, and to the given one unless it is empty. It is for those who may check the journal. The error is a
// *store.ErrCorrupt for the first thing that is not what it was.
func (a *App) Verify(ctx context.Context, who access.Actor, checkpoint []byte) (Verified, error) {
	if err := a.allowed(ctx, who, access.Verify); err != nil {
		return Verified{}, err
	}
	if len(checkpoint) > maxCheckpoint {
		return Verified{}, register.Wrongs{{Field: "checkpoint", Code: "long", Args: []any{maxCheckpoint, len(checkpoint)}}}
	}
	return a.DB.Verify(ctx, who.Org, checkpoint)
}

// Checkpoint signs where the journal is now, for whoever keeps checkpoints outside the program.
func (a *App) Checkpoint(ctx context.Context, who access.Actor) ([]byte, error) {
	if err := a.allowed(ctx, who, access.Verify); err != nil {
		return nil, err
	}
	return a.DB.Checkpoint(ctx, who.Org)
}

// CheckpointKey is the public key that checks the organisation's checkpoints.
func (a *App) CheckpointKey(ctx context.Context, who access.Actor) (string, error) {
	if err := a.allowed(ctx, who, access.Verify); err != nil {
		return "", err
	}
	return a.DB.VerifierKey(who.Org)
}
