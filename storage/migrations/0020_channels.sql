-- Places that are told (chats, webhooks) are opened and closed by facts of the register. They are few among many
-- events, and the planner of the outbox asks for them at each of its steps.
create index event_channels on termwise.event (position) where type in ('channel-opened', 'channel-closed');

-- A letter to an address that mail came back from waits until somebody has seen to the address.
alter table termwise.outbox drop constraint outbox_held_is_known;
alter table termwise.outbox add constraint outbox_held_is_known
  check (held in ('night', 'holiday', 'daily', 'weekly', 'address'));

