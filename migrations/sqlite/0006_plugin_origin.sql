-- See migrations/postgres for the same tables with comments.
alter table plugin_version add column origin text;
