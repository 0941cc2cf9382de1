-- Evidence. Events in blocks, each sealed by a signature and chained to the one before, so that nobody can rewrite
-- the log unseen: not even who owns this database. `leaves` is what was sealed, one line an event, so that what is
-- not as it was can be named; the root over those lines is what is signed.

create table termwise.block (
  number bigint primary key constraint block_numbers_begin_at_one check (number > 0),
  first bigint not null,
  last bigint not null,
  root bytea not null constraint block_root_is_sha256 check (octet_length(root) = 32),
  previous bytea not null constraint block_previous_is_sha256 check (octet_length(previous) = 32),
  sealed_at timestamptz not null,
  key text not null,
  signature text not null,
  leaves text not null,
  constraint block_is_not_empty check (first between 1 and last)
);
comment on column termwise.block.previous is 'the hash of the block before; zeros in the first';
comment on column termwise.block.leaves is 'a JSON array a line: position, recorded, stream, version, kind, hash';
create unique index block_by_last on termwise.block (last);

create trigger block_rows_stay before update or delete on termwise.block
  for each row execute function termwise.refuse_change();
create trigger block_table_stays before truncate on termwise.block
  for each statement execute function termwise.refuse_change();

-- How far each task that follows has come: sealing, and telling each place about the blocks. Its row is its lease.
create table termwise.block_task (
  task text primary key,
  block bigint not null
) with (fillfactor = 50);
