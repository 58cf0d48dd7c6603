-- Who has read what is marked as secret, apart from the journal and without contents (readlog.go), and the way from a record to
-- its marks.

create table read_log (
	org text not null,
	at text not null,
	pos text not null,
	who text not null,
	kind text not null,
	id text not null,
	unit text not null,
	page text not null,
	fields text not null,
	primary key (org, at, pos));
