-- When a letter goes is judged when it could go: by the person's preferences, quiet hours and holidays.
-- `planned_at` follows from the log, so that whoever judges anew judges alike; the rest is the courier's.
alter table termwise.outbox add column planned_at timestamptz not null default clock_timestamp();
update termwise.outbox o set planned_at = e.occurred_at from termwise.event e where e.position = o.position;
comment on column termwise.outbox.planned_at is 'when what it tells of happened';

alter table termwise.outbox add column due_at timestamptz;
alter table termwise.outbox add column held text
  constraint outbox_held_is_known check (held in ('night', 'holiday', 'daily', 'weekly'));
alter table termwise.outbox add column held_under bigint;
alter table termwise.outbox add column bundle uuid;
comment on column termwise.outbox.due_at is 'when it may go, where it was held';
comment on column termwise.outbox.held is 'why it did not go at once';
comment on column termwise.outbox.held_under is 'the version of the register by which that was judged';
comment on column termwise.outbox.bundle is 'the message that it goes in, together with others';

-- A letter that waits for morning holds up nobody who looks for the next one that is due.
drop index termwise.outbox_ready;
create index outbox_ready on termwise.outbox (next_at, position) where status = 'planned';
create index outbox_bundle on termwise.outbox (bundle) where bundle is not null;
create index outbox_waiting on termwise.outbox (position) where status <> 'sent';
