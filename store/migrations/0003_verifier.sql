-- Public keys of the places that an organisation's journal was kept in before: with them the checkpoints that were
-- signed there are still checked after a restore (archive_restore.go).

create table verifier (
	org text not null,
	verifier text not null,
	since text not null,
	primary key (org, verifier));
