-- The position of the change feed; see migrations/postgres for the same tables with comments.
create table feed (
    id integer primary key check (id = 1),
    seq integer not null,
    pruned integer not null
) strict;

insert into feed (id, seq, pruned) values (1, 0, 0);

create table source (
    id text primary key not null,
    kind text not null,
    target text not null,
    origin text not null,
    fingerprint text,
    content_hash text,
    read_at integer,
    next_read_at integer not null,
    failures integer not null default 0,
    wanted integer not null default 0,
    lease_owner text,
    lease_until integer
) strict, without rowid;

create index source_due on source (next_read_at);

create table source_content (
    source_id text primary key not null references source (id) on delete cascade,
    content blob not null
) strict;

create table entity (
    id blob not null unique,
    entity_ref text not null unique,
    source_id text not null references source (id),
    doc_index integer not null,
    line integer not null,
    hash text not null,
    problems text,
    orphan integer not null,
    seq integer not null,
    document text not null
) strict;

create index entity_source on entity (source_id);
create index entity_seq on entity (seq);

create table tombstone (
    seq integer not null,
    entity_id blob not null,
    entity_ref text not null,
    primary key (seq, entity_id)
) strict, without rowid;

create table edge (
    source_id text not null references source (id) on delete cascade,
    parent_kind text not null check (parent_kind in ('config', 'location', 'entity')),
    parent blob not null,
    optional integer not null,
    primary key (source_id, parent_kind, parent)
) strict, without rowid;

create index edge_parent on edge (parent);

create table problem (
    id integer primary key,
    source_id text not null references source (id) on delete cascade,
    code text not null,
    entity_ref text,
    body text not null
) strict;

create index problem_source on problem (source_id);
create index problem_entity on problem (entity_ref);

create table refresh_key (
    source_id text not null references source (id) on delete cascade,
    url text not null,
    primary key (source_id, url)
) strict, without rowid;

create index refresh_key_url on refresh_key (url);

create table location (
    id blob primary key not null,
    kind text not null,
    target text not null,
    created_by text,
    created_at integer not null,
    unique (kind, target)
) strict, without rowid;

create table audit (
    id integer primary key autoincrement,
    at integer not null,
    principal text not null,
    action text not null,
    resource text not null,
    decision text not null,
    reason text not null,
    request_id text,
    details text not null
) strict;

create trigger audit_no_update before update on audit
begin
    select raise(abort, 'the audit log is append-only');
end;

create trigger audit_no_delete before delete on audit
begin
    select raise(abort, 'the audit log is append-only');
end;

create table setting (
    user_ref text not null,
    bucket text not null,
    key text not null,
    value text not null,
    primary key (user_ref, bucket, key)
) strict, without rowid;

create table secret (
    name text primary key not null,
    value blob not null
) strict, without rowid;
