-- The keys of subjects, each closed with a master key that is in no database. A shredded one keeps its row, so that
-- whoever reads what it closed is told when and why.
create table termwise.master_key (
  id text primary key,
  since timestamptz not null default clock_timestamp(),
  retired_at timestamptz
);
create unique index master_key_in_force on termwise.master_key ((true)) where retired_at is null;

create table termwise.data_key (
  subject text collate "C" not null,
  number integer not null constraint data_key_numbers_begin_at_1 check (number > 0),
  master text references termwise.master_key,
  wrapped bytea,
  made_at timestamptz not null default clock_timestamp(),
  shredded_at timestamptz,
  why text,
  constraint data_key_is_of_one_subject primary key (subject, number),
  constraint data_key_is_closed_or_shredded check (
    (wrapped is null) = (master is null) and (wrapped is null) = (shredded_at is not null))
);
-- New data of a subject are closed with one key, whoever writes them.
create unique index data_key_in_use on termwise.data_key (subject) where wrapped is not null;
create index data_key_to_wrap_anew on termwise.data_key (master);
