-- See migrations/postgres for the same tables with comments.
create table plugin_feed (
    id integer primary key check (id = 1),
    seq integer not null
) strict;

insert into plugin_feed (id, seq) values (1, 0);

create table plugin (
    id text primary key,
    active text,
    previous text,
    pinned integer not null,
    disabled integer not null
) strict;

create table plugin_version (
    digest text primary key,
    plugin_id text not null references plugin (id),
    version text not null,
    status text not null check (status in ('submitted', 'approved', 'rejected', 'revoked')),
    report text not null,
    submitted_by text not null,
    submitted_at integer not null,
    decided_by text,
    decided_at integer,
    reason text,
    grants text,
    limits text,
    config text
) strict;

create index plugin_version_plugin on plugin_version (plugin_id);

create table plugin_file (
    digest text primary key references plugin_version (digest),
    content blob not null
) strict;

create table plugin_comment (
    id blob primary key,
    digest text not null references plugin_version (digest),
    author text not null,
    at integer not null,
    body text not null
) strict;

create index plugin_comment_digest on plugin_comment (digest);

create table plugin_state (
    plugin_id text not null,
    key text not null,
    value blob not null,
    version integer not null,
    primary key (plugin_id, key)
) strict;

create table publisher_key (
    id text primary key,
    publisher text not null,
    key text not null,
    namespaces text not null,
    revoked text
) strict;

create table connection (
    name text primary key,
    spec text not null
) strict;
