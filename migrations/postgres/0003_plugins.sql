-- The position of the last change to plugins, which replicas follow.
create table plugin_feed (
    id integer primary key check (id = 1),
    seq bigint not null
);

insert into plugin_feed (id, seq) values (1, 0);

-- A plugin: which of its versions runs. `previous` is what a roll-back goes to; a pinned
-- plugin keeps its version until it is unpinned; a disabled one runs none.
create table plugin (
    id text primary key,
    active text,
    previous text,
    pinned boolean not null,
    disabled boolean not null
);

-- One file that was handed in. `report` is what inspection said, `grants`, `limits` and
-- `config` what it was approved with.
create table plugin_version (
    digest text primary key,
    plugin_id text not null references plugin (id),
    version text not null,
    status text not null check (status in ('submitted', 'approved', 'rejected', 'revoked')),
    report text not null,
    submitted_by text not null,
    submitted_at bigint not null,
    decided_by text,
    decided_at bigint,
    reason text,
    grants text,
    limits text,
    config text
);

create index plugin_version_plugin on plugin_version (plugin_id);

create table plugin_file (
    digest text primary key references plugin_version (digest),
    content bytea not null
);

create table plugin_comment (
    id uuid primary key,
    digest text not null references plugin_version (digest),
    author text not null,
    at bigint not null,
    body text not null
);

create index plugin_comment_digest on plugin_comment (digest);

-- The memory of plugins, which survives upgrades.
create table plugin_state (
    plugin_id text not null,
    key text not null,
    value bytea not null,
    version bigint not null,
    primary key (plugin_id, key)
);

-- Keys of publishers; a revoked one stays, with the reason.
create table publisher_key (
    id text primary key,
    publisher text not null,
    key text not null,
    namespaces text not null,
    revoked text
);

-- Where plugins may send requests. `spec` is JSON; credentials in it are encrypted.
create table connection (
    name text primary key,
    spec text not null
);
