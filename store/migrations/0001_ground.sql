-- The tables that are no registers, in the words SQLite and PostgreSQL share. Every key begins with the
-- organisation. Moments and days are text, nothing is null. Register tables are made from their structs.

create table organisation (
	id text not null primary key,
	name text not null);

create table head (
	org text not null primary key references organisation (id),
	seq bigint not null,
	at text not null,
	frontier text not null);

create table journal (
	org text not null,
	seq bigint not null,
	at text not null,
	who text not null,
	act text not null,
	kind text not null,
	id text not null,
	unit text not null,
	digest text not null,
	salt text not null,
	body text not null,
	primary key (org, seq));

create index journal_record on journal (org, kind, id, seq, act);

create table link (
	org text not null,
	kind text not null,
	id text not null,
	field text not null,
	pos bigint not null,
	target_kind text not null,
	target text not null,
	primary key (org, kind, id, field, pos));

create index link_target on link (org, target_kind, target);

create table done (
	org text not null,
	key text not null,
	seq bigint not null,
	kind text not null,
	id text not null,
	primary key (org, key));

create table checkpoint (
	org text not null,
	seq bigint not null,
	at text not null,
	note text not null,
	primary key (org, seq));

create table frozen (
	org text not null,
	review text not null,
	sha256 text not null,
	seq bigint not null,
	root text not null,
	at text not null,
	doc bytea not null,
	pdf bytea not null,
	html bytea not null,
	json bytea not null,
	primary key (org, review));

create table account (
	name text not null primary key,
	org text not null,
	person text not null,
	secret text not null,
	state text not null,
	data text not null,
	changed text not null);

create index account_person on account (org, person);

create table session (
	hash text not null primary key,
	org text not null,
	account text not null,
	person text not null,
	made text not null,
	seen text not null,
	expires text not null,
	data text not null);

create index session_account on session (account);

create table attempt (
	key text not null,
	at text not null,
	pos text not null,
	primary key (key, at, pos));
