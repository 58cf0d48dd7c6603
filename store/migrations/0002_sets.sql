-- Sets of rows that are kept whole beside the registers (set.go says how), and what somebody has begun and not
-- yet done (draft.go).

create table row_set (
	org text not null,
	id text not null,
	made text not null,
	headings text not null,
	size bigint not null,
	sha256 text not null,
	primary key (org, id));

create table row_set_block (
	org text not null,
	id text not null,
	col bigint not null,
	start bigint not null,
	size bigint not null,
	low bigint not null,
	high bigint not null,
	codes bytea not null,
	primary key (org, id, col, start));

create table row_set_text (
	org text not null,
	id text not null,
	col bigint not null,
	start bigint not null,
	size bigint not null,
	round bigint not null,
	find bytea not null,
	raw bytea not null,
	primary key (org, id, col, start));

create table draft (
	org text not null,
	id text not null,
	person text not null,
	made text not null,
	name text not null,
	data text not null,
	primary key (org, id));
