-- Mail that waits to be sent and what became of it, where it is stopped, what each person wants mail of, and the
-- addresses of private calendars (outbox.go). None of it is a record: it proves nothing about the work.

create table mail (
	org text not null,
	key text not null,
	person text not null,
	kind text not null,
	mark text not null,
	ref_kind text not null,
	ref_id text not null,
	at text not null,
	due text not null,
	state text not null,
	tries bigint not null,
	began text not null,
	problem text not null,
	primary key (org, key));

create index mail_due on mail (org, state, due);

create index mail_person on mail (org, person, began);

create table mail_stop (
	org text not null primary key,
	since text not null);

create table notice_choice (
	org text not null,
	person text not null,
	refused text not null,
	quiet bigint not null,
	lang text not null,
	primary key (org, person));

create table calendar_feed (
	hash text not null primary key,
	org text not null,
	person text not null,
	lang text not null,
	made text not null,
	unique (org, person));
