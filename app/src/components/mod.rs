//! The design system: one way to do a thing, composed by pages.
//!
//! A component is markup and meaning; how it looks is in the style sheet of the
//! same name under `style/components`. `/_components` shows all of them.

mod alert;
mod avatar;
mod badge;
mod breadcrumb;
mod button;
mod card;
mod chart;
mod choice;
mod code_block;
mod combobox;
mod command_palette;
mod data_table;
mod dialog;
mod empty_state;
mod entity_link;
mod facets;
mod file_tree;
mod filter_bar;
mod form_field;
mod hover_card;
mod icon;
mod input;
mod kbd;
mod link;
mod live;
mod page_header;
mod pagination;
mod popover;
mod preferences;
mod progress;
mod search_box;
mod select;
mod shortcuts;
mod skeleton;
mod star;
mod tabs;
mod time_ago;
mod timeline;
mod toast;
mod tone;

pub use alert::Alert;
pub use avatar::{Avatar, OwnerChip};
pub use badge::{Badge, StatusDot, TagLink};
pub use breadcrumb::{Breadcrumb, Crumb};
pub use button::{Button, ButtonKind, ButtonLink, IconButton};
pub use card::{Card, KeyValue, KeyValueList};
pub use chart::{BarChart, DonutChart, Segment, Sparkline};
pub use choice::{Checkbox, RadioGroup, Segmented, Switch};
pub use code_block::{CodeBlock, CopyButton};
pub use combobox::Combobox;
pub use command_palette::{CommandPalette, PaletteAction, PaletteItem};
pub use data_table::{
    Column, ColumnChoice, ColumnMenu, DataTable, Row, SkeletonRows, SortDirection,
};
pub use dialog::{ConfirmDialog, Dialog};
pub use empty_state::{EmptyState, ErrorPanel};
pub use entity_link::{EntityLink, KindIcon, KindTile};
pub use facets::{FacetGroup, FacetOption, FilterFold};
pub use file_tree::{FileNode, FileTree};
pub use filter_bar::{FilterBar, FilterChip};
pub use form_field::FormField;
pub use hover_card::HoverCard;
pub use icon::Icon;
pub use input::{Input, Textarea};
pub use kbd::Kbd;
pub use link::ExternalLink;
pub use live::Loader;
pub use page_header::PageHeader;
pub use pagination::Pagination;
pub use popover::{Menu, MenuItem, Popover};
pub use preferences::{DensitySwitch, ThemeSwitch};
pub(crate) use preferences::{preference_of, set_preference};
pub use progress::{Meter, Progress, StepState, Steps};
pub use search_box::SearchBox;
pub use select::{Choice, Select};
pub use shortcuts::{GO_TO, Shortcuts};
pub use skeleton::Skeleton;
pub use star::StarButton;
pub use tabs::{Tab, Tabs};
pub use time_ago::TimeAgo;
pub use timeline::{Timeline, TimelineItem};
pub use toast::{ToastRegion, Toaster};
pub use tone::Tone;
