//! How many tests passed and failed, read from what the test runners report.

use std::{fmt, fs, iter::Sum, path::Path};

use anyhow::{Context, Result};

/// Passed and failed tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub passed: u64,
    pub failed: u64,
}

impl Counts {
    /// Reads a `JUnit` report, which nextest and Playwright both write.
    pub fn from_junit(file: &Path) -> Result<Self> {
        let report = fs::read_to_string(file)
            .with_context(|| format!("the tests left no report at {}", file.display()))?;
        parse_junit(&report).with_context(|| format!("{} is not a JUnit report", file.display()))
    }

    /// Reads the lines with which `cargo test` ends each group of tests.
    pub fn from_libtest(output: &str) -> Self {
        output.lines().filter_map(parse_libtest).sum()
    }

    /// The least there can be to say about a run that failed: one failure.
    pub fn or_failed(self, success: bool) -> Self {
        if success || self.failed > 0 {
            self
        } else {
            Self { failed: 1, ..self }
        }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} passed, {} failed", self.passed, self.failed)
    }
}

impl Sum for Counts {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), |sum, next| Self {
            passed: sum.passed + next.passed,
            failed: sum.failed + next.failed,
        })
    }
}

/// The root element has the totals: `<testsuites tests="3" failures="1" errors="0" …>`.
fn parse_junit(report: &str) -> Option<Counts> {
    let (_, root) = report.split_once("<testsuites")?;
    let (attributes, _) = root.split_once('>')?;
    let number = |name: &str| -> Option<u64> {
        let (_, value) = attributes.split_once(&format!(" {name}=\""))?;
        value.split_once('"')?.0.parse().ok()
    };
    let failed = number("failures")? + number("errors").unwrap_or(0);
    let skipped = number("skipped").unwrap_or(0);
    Some(Counts {
        passed: number("tests")?.saturating_sub(failed + skipped),
        failed,
    })
}

/// `test result: ok. 3 passed; 1 failed; 0 ignored; …`
fn parse_libtest(line: &str) -> Option<Counts> {
    let (_, totals) = line
        .trim()
        .strip_prefix("test result: ")?
        .split_once(". ")?;
    let number = |word: &str| -> Option<u64> {
        totals
            .split("; ")
            .find_map(|total| total.strip_suffix(word)?.trim().parse().ok())
    };
    Some(Counts {
        passed: number("passed")?,
        failed: number("failed")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn junit_totals_leave_out_what_was_skipped() {
        let report = r#"<?xml version="1.0"?><testsuites id="" tests="10" failures="2" skipped="1" errors="1" time="1.5"><testsuite tests="99">"#;
        assert_eq!(
            parse_junit(report),
            Some(Counts {
                passed: 6,
                failed: 3
            })
        );
        assert_eq!(parse_junit("<html>"), None);
    }

    #[test]
    fn libtest_lines_add_up() {
        let output = "running 2 tests\n\
            test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n\
            test result: FAILED. 3 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out\n";
        assert_eq!(
            Counts::from_libtest(output),
            Counts {
                passed: 5,
                failed: 1
            }
        );
    }

    #[test]
    fn a_failed_run_is_never_all_green() {
        let green = Counts {
            passed: 5,
            failed: 0,
        };
        assert_eq!(
            green.or_failed(false),
            Counts {
                passed: 5,
                failed: 1
            }
        );
        assert_eq!(green.or_failed(true), green);
    }
}
