-- One row per instance, for lists and for the page of one. Made from the log by `projections/cycles.py`.

create table termwise.cycle (
  id text collate "C" primary key,
  root text not null,
  parent text,
  process text not null,
  name text not null,
  title text not null,
  state text not null constraint cycle_state_is_known check (state in ('running', 'ended', 'cancelled')),
  outcome text,
  owner_role text not null,
  term text,
  schools text[] not null,
  stages text[] not null,
  definition text not null,
  started_at timestamptz not null,
  started_by text not null,
  ended_at timestamptz,
  open integer not null default 0,
  done integer not null default 0,
  overdue integer not null default 0,
  position bigint not null
);
create index cycle_running on termwise.cycle (started_at) where state = 'running';
create index cycle_by_root on termwise.cycle (root);

-- The standing of each task, which the counts above are taken from.
create table termwise.cycle_task (
  task text collate "C" primary key,
  instance text not null,
  status text not null,
  overdue boolean not null
);
create index cycle_task_by_instance on termwise.cycle_task (instance);
