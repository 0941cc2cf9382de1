-- Whose records a cycle makes, and of which class: what decides who may see it. Made from the log by `projections/cycles.py`,
-- whose version has grown: rows that stand here already are made anew.

alter table termwise.cycle
  add column confidentiality text not null default 'sensitive',
  add column about text,
  add column person text;
comment on column termwise.cycle.person is 'the opaque id of the person whose records they are';
