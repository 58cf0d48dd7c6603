-- The seeds of draws that are bound and not yet made (drawseed.go). Whoever knows a seed before the population is frozen knows which rows
-- will be drawn, so it is no record: no journal, page, list or archive has it. The draw's record has the seed's hash.

create table draw_seed (
	org text not null,
	draw text not null,
	seed text not null,
	primary key (org, draw));
