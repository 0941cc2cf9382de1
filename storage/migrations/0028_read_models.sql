-- What people look up beside their tasks: what somebody did, how each school stands, how things ended, and words.

-- Who took part in what: made by `projections/activity.py`. What was done is also the audit of the trust.
create table termwise.activity (
  person text not null,
  position bigint not null,
  part text not null constraint activity_part_is_known check (part in ('did', 'asked', 'for', 'about')),
  instance text not null,
  task text,
  kind text not null,
  at timestamptz not null,
  recorded_at timestamptz not null,
  constraint activity_once primary key (person, position, part)
);
comment on column termwise.activity.part is 'did it; was asked for it; it was done for them; the record is about them';
create index activity_done on termwise.activity (position) where part = 'did';
create index activity_by_instance on termwise.activity (instance);

-- How each school stands in each instance: made by `projections/dashboard.py`.
create table termwise.dashboard (
  instance text not null,
  school text not null,
  open integer not null,
  overdue integer not null,
  on_time integer not null,
  late integer not null,
  returned integer not null,
  deferred integer not null,
  skipped integer not null,
  lapsed integer not null,
  next_due timestamptz,
  constraint dashboard_cell primary key (instance, school)
);
comment on column termwise.dashboard.school is 'empty: the work of no school';
create table termwise.dashboard_task (
  task text collate "C" primary key,
  instance text not null,
  school text not null,
  status text not null,
  overdue boolean not null,
  late boolean not null,
  due_at timestamptz
);
create index dashboard_task_by_cell on termwise.dashboard_task (instance, school);

-- How things ended: made by `projections/outcomes.py`.
create table termwise.outcome (
  instance text primary key,
  process text not null,
  title text not null,
  term text,
  started_at timestamptz not null,
  state text not null,
  outcome text,
  said text,
  ended_at timestamptz
);
comment on column termwise.outcome.said is 'the outcome in words';
create table termwise.outcome_task (
  task text collate "C" primary key,
  instance text not null,
  school text not null,
  step text not null,
  outcome text,
  code text,
  closed_at timestamptz
);
comment on column termwise.outcome_task.code is 'the reason in short, where there was one';
create index outcome_task_by_instance on termwise.outcome_task (instance);

-- Words to find things by: made by `projections/search.py`. `people` are those whose words they are.
create table termwise.search (
  id text collate "C" primary key,
  kind text not null constraint search_kind_is_known check (kind in ('cycle', 'task', 'comment')),
  instance text not null,
  task text,
  position bigint not null,
  at timestamptz not null,
  people text[] not null,
  title text not null,
  body text not null,
  words tsvector generated always as (
    setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', body), 'B')) stored
);
create index search_words on termwise.search using gin (words);
create index search_by_instance on termwise.search (instance);
