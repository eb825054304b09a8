-- A change proposed to a repository that Portico keeps itself. `repository` is `local:NAME`.
-- The commits are fixed when it is proposed: what is reviewed is what is merged.
create table change_request (
    repository text not null,
    number bigint not null,
    title text not null,
    body text not null,
    base text not null,
    branch text not null,
    base_commit text not null,
    head_commit text not null,
    author text not null,
    via text,
    state text not null check (state in ('open', 'merged', 'closed')),
    created_at bigint not null,
    settled_by text,
    settled_at bigint,
    merge_commit text,
    primary key (repository, number),
    unique (repository, branch)
);

-- The last number given in a repository. Whoever takes the next holds the row until it
-- commits, so numbers have no gaps and no two proposals get the same.
create table change_request_number (
    repository text primary key,
    last bigint not null
);
