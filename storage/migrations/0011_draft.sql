-- Half-filled answers, one for each task and person. They are no facts, so they are not in the log and no rebuild
-- makes them anew; see docs/decisions/0011.
create table termwise.draft (
  task text collate "C" not null,
  person text not null,
  answers json not null,
  saved_at timestamptz not null default clock_timestamp(),
  constraint draft_is_of_one_person primary key (task, person)
);
comment on column termwise.draft.answers is 'by question; may be personal';

-- No draft outlives its task: it goes in the transaction that closes it. A rebuild inserts rows and updates none, and
-- a check writes tables of its own, so neither comes here.
create function termwise.forget_drafts() returns trigger language plpgsql set search_path = termwise as $$
begin
  delete from draft where task = new.task;
  return null;
end $$;
create trigger inbox_closes_drafts after update of status on termwise.inbox for each row
  when (old.status in ('open', 'deferred') and new.status not in ('open', 'deferred'))
  execute function termwise.forget_drafts();
