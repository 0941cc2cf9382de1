-- Texts an instance is pinned to: definitions, calendars, directories. Named by what they say, so one that
-- is referred to can never change.
create table termwise.document (
  digest text primary key,
  kind text not null,
  body text not null,
  put_at timestamptz not null default clock_timestamp(),
  constraint document_digest_is_sha256 check (digest = encode(sha256(convert_to(body, 'UTF8')), 'hex'))
);
create trigger document_rows_stay before update on termwise.document
  for each row execute function termwise.refuse_change();
