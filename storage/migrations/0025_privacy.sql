-- Directories hold people. What is personal in them is closed in the stored text, so its hash is no longer its name; a
-- proof under a key that is kept elsewhere says instead that this text was stored under this name.
alter table termwise.document add column proof bytea;
alter table termwise.document drop constraint document_digest_is_sha256;
alter table termwise.document add constraint document_is_what_its_name_says check (
  proof is not null or digest = encode(sha256(convert_to(body, 'UTF8')), 'hex')) not valid;
comment on column termwise.document.proof is 'of name and text as stored; null where the name is the hash of the text';
comment on column termwise.draft.answers is 'by question; closed as one value where there are keys';
