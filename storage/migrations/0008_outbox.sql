-- What is to be said to whom, and whether it was. Planned from the log by `projections/outbox.py`; the rest
-- of each row is the courier's. Rows stay: they are how we know that a message was sent.

create table termwise.outbox (
  message_id uuid primary key,
  position bigint not null,
  channel text not null,
  recipient text not null,
  kind text not null,
  subject text not null,
  parameters jsonb not null,
  status text not null default 'planned'
    constraint outbox_status_is_known check (status in ('planned', 'sent', 'dead')),
  attempts integer not null default 0,
  next_at timestamptz not null default clock_timestamp(),
  leased_until timestamptz,
  sent_at timestamptz,
  error text,
  constraint outbox_says_it_once unique (position, channel, recipient)
) with (fillfactor = 80);
comment on column termwise.outbox.recipient is 'the person''s opaque id';
create index outbox_planned on termwise.outbox (channel, recipient, position) where status = 'planned';
create index outbox_ready on termwise.outbox (next_at) where status = 'planned';
