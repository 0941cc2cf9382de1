-- The workload ledger: each task as a piece of work, whose it is and in which week it lies. Made from the log by
-- `projections/workload.py`.

create table termwise.workload (
  task text collate "C" primary key,
  instance text not null,
  school text,
  people text[] not null,
  candidates text[] not null,
  expected integer not null,
  took integer,
  day date not null,
  standing text not null
    constraint workload_standing_is_known check (standing in ('to do', 'done', 'no work'))
);
comment on column termwise.workload.people is 'who did it; before, whoever has it, or those who may claim it';
comment on column termwise.workload.day is 'when it was done; before, when it is due, else when it was asked';
comment on column termwise.workload.took is 'minutes, where whoever did it said so';
create index workload_by_day on termwise.workload (day) where standing <> 'no work';
create index workload_by_person on termwise.workload using gin (people) where standing <> 'no work';
