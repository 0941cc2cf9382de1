-- Schools by stages: where a cycle stands. Made from the log by `projections/board.py`.

create table termwise.board (
  root text not null,
  school text not null,
  stage text not null,
  open integer not null,
  done integer not null,
  overdue integer not null,
  returned integer not null,
  waiting_for jsonb not null,
  next_due timestamptz,
  primary key (root, school, stage)
);
comment on column termwise.board.school is 'empty: the whole trust, with the tasks of every school';
comment on column termwise.board.waiting_for is 'how many open tasks each role has';

-- The standing of each task, which the counts above are taken from.
create table termwise.board_task (
  task text collate "C" primary key,
  root text not null,
  school text not null,
  stage text not null,
  role text not null,
  status text not null,
  overdue boolean not null,
  due_at timestamptz
);
create index board_task_by_cell on termwise.board_task (root, stage, school);
