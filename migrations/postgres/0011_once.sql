-- What only one may do, whichever replica gets to it first: use the state of a sign-in, renew a
-- session at its provider.
create table once (
    key text primary key,
    -- Milliseconds since the Unix epoch; afterwards it may be done again.
    until bigint not null
);

create index once_until on once (until);
