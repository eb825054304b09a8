-- The position of the change feed. A writer holds the one row until it commits, which
-- orders writers; `pruned`: tombstones up to here are gone.
create table feed (
    id integer primary key check (id = 1),
    seq bigint not null,
    pruned bigint not null
);

insert into feed (id, seq, pruned) values (1, 0, 0);

-- A place catalog files are read from. `id` is the sha-1 of kind:target, `origin` the root
-- it descends from (type:target). `wanted` is set while a reader may hold an older version:
-- 1 read again, 2 read again in full. A source that nothing holds any more, kept for its
-- orphans, is parked at the largest `next_read_at`.
create table source (
    id text primary key,
    kind text not null,
    target text not null,
    origin text not null,
    fingerprint text,
    content_hash text,
    read_at bigint,
    next_read_at bigint not null,
    failures integer not null default 0,
    wanted integer not null default 0,
    lease_owner text,
    lease_until bigint
);

create index source_due on source (next_read_at);

-- Apart from `source`, whose rows are rewritten at every read. Compressed by portico.
create table source_content (
    source_id text primary key references source (id) on delete cascade,
    content bytea not null
);

alter table source_content alter column content set storage external;

create table entity (
    id uuid primary key,
    entity_ref text not null unique,
    source_id text not null references source (id),
    doc_index integer not null,
    line integer not null,
    hash text not null,
    problems text,
    orphan boolean not null,
    seq bigint not null,
    document text not null
);

create index entity_source on entity (source_id);
create index entity_seq on entity (seq);

-- Cheaper than the default compression by far; servers built without it keep the default.
do $$
begin
    execute 'alter table entity alter column document set compression lz4';
exception
    when others then
        raise notice 'lz4 compression is not available: %', sqlerrm;
end
$$;

-- Removed entities, for those who follow the feed.
create table tombstone (
    seq bigint not null,
    entity_id uuid not null,
    entity_ref text not null,
    primary key (seq, entity_id)
);

-- What holds a source. `parent` is the id of a location or an entity, or the nil id (config).
create table edge (
    source_id text not null references source (id) on delete cascade,
    parent_kind text not null check (parent_kind in ('config', 'location', 'entity')),
    parent uuid not null,
    optional boolean not null,
    primary key (source_id, parent_kind, parent)
);

create index edge_parent on edge (parent);

-- What is wrong with a source. A row with the code `conflict` also remembers that the source
-- waits for `entity_ref`, held by another one.
create table problem (
    id bigint generated always as identity primary key,
    source_id text not null references source (id) on delete cascade,
    code text not null,
    entity_ref text,
    body text not null
);

create index problem_source on problem (source_id);
create index problem_entity on problem (entity_ref);

-- URLs (placeholder targets) whose change must re-read a source.
create table refresh_key (
    source_id text not null references source (id) on delete cascade,
    url text not null,
    primary key (source_id, url)
);

create index refresh_key_url on refresh_key (url);

-- Registered by people.
create table location (
    id uuid primary key,
    kind text not null,
    target text not null,
    created_by text,
    created_at bigint not null,
    unique (kind, target)
);

create table audit (
    id bigint generated always as identity primary key,
    at bigint not null,
    principal text not null,
    action text not null,
    resource text not null,
    decision text not null,
    reason text not null,
    request_id text,
    details text not null
);

create function audit_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'the audit log is append-only';
end
$$;

create trigger audit_append_only before update or delete or truncate on audit
    for each statement execute function audit_is_append_only();

create table setting (
    user_ref text not null,
    bucket text not null,
    key text not null,
    value text not null,
    primary key (user_ref, bucket, key)
);

create table secret (
    name text primary key,
    value bytea not null
);
