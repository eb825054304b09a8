-- See migrations/postgres for the same table with comments.
create table plugin_state_version (
    plugin_id text primary key,
    version integer not null
) strict;

insert into plugin_state_version (plugin_id, version)
select plugin_id, max(version) from plugin_state group by plugin_id;
