-- See migrations/postgres for the same tables with comments.
create table change_request (
    repository text not null,
    number integer not null,
    title text not null,
    body text not null,
    base text not null,
    branch text not null,
    base_commit text not null,
    head_commit text not null,
    author text not null,
    via text,
    state text not null check (state in ('open', 'merged', 'closed')),
    created_at integer not null,
    settled_by text,
    settled_at integer,
    merge_commit text,
    primary key (repository, number),
    unique (repository, branch)
) strict, without rowid;

create table change_request_number (
    repository text primary key not null,
    last integer not null
) strict, without rowid;
