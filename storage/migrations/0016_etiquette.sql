-- What people ask of each other about a task: to do it for them, for more time, to look at something.
alter table termwise.inbox add column delegated_by text;
alter table termwise.inbox add column request jsonb;
alter table termwise.inbox add column took integer;
alter table termwise.inbox add column comments integer not null default 0;
alter table termwise.inbox add column attachments integer not null default 0;
comment on column termwise.inbox.delegated_by is 'whose it is, while another does it for them';
comment on column termwise.inbox.request is 'more time that was asked for: by, until, reason, may_decide';
comment on column termwise.inbox.took is 'minutes of work, where whoever did it said so';

create index inbox_requests on termwise.inbox (due_at) where status = 'open' and request is not null;
