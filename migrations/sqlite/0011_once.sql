-- See migrations/postgres for the same table with comments.
create table once (
    key text primary key not null,
    until integer not null
) strict;

create index once_until on once (until);
