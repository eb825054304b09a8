//! Until when versions of .NET are supported.

use std::{collections::BTreeMap, fmt, time::Duration};

use portico_plugin_sdk::{Context as _, Result};
use schemars::JsonSchema;
use serde::Deserialize;

/// Microsoft's support policy: the last day of each version.
const POLICY: [(&str, &str); 10] = [
    ("1.0", "2019-06-27"),
    ("2.1", "2021-08-21"),
    ("2.2", "2019-12-23"),
    ("3.1", "2022-12-13"),
    ("5.0", "2022-05-10"),
    ("6.0", "2024-11-12"),
    ("7.0", "2024-05-14"),
    ("8.0", "2026-11-10"),
    ("9.0", "2026-11-10"),
    ("10.0", "2028-11-14"),
];

/// How the check judges.
#[derive(Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Config {
    /// Warn this many days before support ends.
    pub(crate) warn_days: u32,
    /// The last day of support of each version, such as `"8.0": "2026-11-10"`. Replaces the table
    /// that the plugin has.
    end_of_support: BTreeMap<String, String>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            warn_days: 180,
            end_of_support: BTreeMap::new(),
        }
    }
}

impl Config {
    pub(crate) fn table(&self) -> Result<Table> {
        let own = self
            .end_of_support
            .iter()
            .map(|(version, day)| (version.as_str(), day.as_str()));
        let rows: Vec<(&str, &str)> = if self.end_of_support.is_empty() {
            POLICY.to_vec()
        } else {
            own.collect()
        };
        let rows = rows.into_iter().map(|(version, day)| {
            let days =
                days(day).with_context(|| format!("`{day}` is no day such as 2026-11-10"))?;
            Ok((version.to_owned(), (day.to_owned(), days)))
        });
        rows.collect::<Result<_>>().map(Table)
    }
}

/// The last day of support of each version: as written, and as days since 1970.
pub(crate) struct Table(BTreeMap<String, (String, i64)>);

/// How well a version is supported; the worst is the greatest.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Support {
    /// For long enough, or as long as Windows is.
    Good,
    /// The table does not say.
    Unknown,
    /// Not for long.
    EndsSoon {
        /// The last day.
        day: String,
    },
    /// Not any more.
    Ended {
        /// The last day.
        day: String,
    },
}

impl fmt::Display for Support {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Good => f.write_str("supported"),
            Self::Unknown => f.write_str("unknown"),
            Self::EndsSoon { day } => write!(f, "supported until {day}"),
            Self::Ended { day } => write!(f, "support ended on {day}"),
        }
    }
}

impl Table {
    /// How well a framework such as `net8.0-windows` is supported, `today` in days since 1970.
    pub(crate) fn support(&self, framework: &str, today: i64, warn_days: u32) -> Support {
        let Some(version) = version(framework) else {
            return if is_classic(framework) {
                Support::Good
            } else {
                Support::Unknown
            };
        };
        match self.0.get(&version) {
            None => Support::Unknown,
            Some((day, last)) if today > *last => Support::Ended { day: day.clone() },
            Some((day, last)) if today + i64::from(warn_days) > *last => {
                Support::EndsSoon { day: day.clone() }
            }
            Some(_) => Support::Good,
        }
    }
}

/// The version in `net8.0-windows`, `netcoreapp3.1` or `sdk 8.0.100`; none for the classics.
fn version(framework: &str) -> Option<String> {
    let framework = framework.to_ascii_lowercase();
    let framework = framework.split('-').next().unwrap_or_default();
    let number = framework
        .strip_prefix("netcoreapp")
        .or_else(|| framework.strip_prefix("sdk "))
        .or_else(|| framework.strip_prefix("net"))?;
    let mut parts = number.split('.');
    let major: u32 = parts.next()?.parse().ok()?;
    let minor: u32 = parts.next()?.parse().ok()?;
    Some(format!("{major}.{minor}"))
}

/// .NET Framework (`net48`, `v4.8`) and .NET Standard.
fn is_classic(framework: &str) -> bool {
    let framework = framework.to_ascii_lowercase();
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    framework.starts_with("netstandard")
        || framework.starts_with("v4.")
        || framework.strip_prefix("net").is_some_and(digits)
}

/// Days since 1970.
pub(crate) fn today(now: Duration) -> i64 {
    i64::try_from(now.as_secs() / 86_400).unwrap_or(i64::MAX)
}

/// Days from 1970 to a day such as `2026-11-10`, in the Gregorian calendar.
fn days(day: &str) -> Option<i64> {
    let mut parts = day.splitn(3, '-');
    let year: i64 = parts.next()?.parse().ok()?;
    let month: i64 = parts.next()?.parse().ok()?;
    let day: i64 = parts.next()?.parse().ok()?;
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || !(1970..10_000).contains(&year) {
        return None;
    }
    // Years begin in March here, so that the leap day is the last one.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let of_years = year * 365 + year / 4 - year / 100 + year / 400;
    Some(of_years + (month * 153 + 2) / 5 + day - 1 - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_the_calendar() {
        assert_eq!(days("1970-01-01"), Some(0));
        assert_eq!(days("2000-03-01"), Some(11_017));
        assert_eq!(days("2026-11-10"), Some(20_767));
        assert_eq!((days("2026-13-01"), days("soon")), (None, None));
    }

    #[test]
    fn versions_of_frameworks() {
        for (framework, expected) in [
            ("net8.0", Some("8.0")),
            ("NET10.0-windows10.0.19041", Some("10.0")),
            ("netcoreapp3.1", Some("3.1")),
            ("sdk 8.0.100", Some("8.0")),
            ("net48", None),
            ("netstandard2.0", None),
            ("$(Unknown)", None),
        ] {
            assert_eq!(version(framework).as_deref(), expected, "{framework}");
        }
        assert!(is_classic("net472") && is_classic("v4.7.2") && !is_classic("$(X)"));
    }
}
