-- By what a message went, and a third end for one: when it could go, it was no longer needed.
alter table termwise.outbox add column carrier text;
comment on column termwise.outbox.carrier is 'what took charge of a sent message, such as smtp or log';
alter table termwise.outbox drop constraint outbox_status_is_known;
alter table termwise.outbox add constraint outbox_status_is_known
  check (status in ('planned', 'sent', 'dead', 'withdrawn'));
