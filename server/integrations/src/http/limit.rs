//! What an answer says about the rate of requests.

use std::time::{Duration, SystemTime};

use reqwest::StatusCode;

use super::Answer;

/// When a host limits without saying until when.
const DEFAULT_WAIT: Duration = Duration::from_mins(1);
/// Longer waits are taken for a mistake (GitHub's window is an hour).
const MAX_WAIT: Duration = Duration::from_hours(2);

/// Until when the host wants no more requests: by `Retry-After`, or because the
/// quota in `X-RateLimit-*` is used up.
pub(super) fn blocked_until(answer: &Answer, now: SystemTime) -> Option<SystemTime> {
    let wait = retry_after(answer, now)
        .or_else(|| used_up(answer, now))
        .or_else(|| {
            let limited = answer.status == StatusCode::TOO_MANY_REQUESTS
                || (answer.status == StatusCode::FORBIDDEN && mentions_rate_limit(&answer.body));
            limited.then_some(DEFAULT_WAIT)
        })?;
    Some(now + wait.clamp(Duration::from_secs(1), MAX_WAIT))
}

/// Seconds, or an HTTP date.
fn retry_after(answer: &Answer, now: SystemTime) -> Option<Duration> {
    let text = answer.header("retry-after")?.trim();
    if let Ok(seconds) = text.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds)
            .ok()
            .filter(|it| !it.is_zero());
    }
    let at = jiff::fmt::rfc2822::DateTimeParser::new()
        .parse_timestamp(text)
        .ok()?;
    SystemTime::from(at).duration_since(now).ok()
}

/// GitHub and Azure DevOps count down and name the second the count starts again.
fn used_up(answer: &Answer, now: SystemTime) -> Option<Duration> {
    let remaining: f64 = answer
        .header("x-ratelimit-remaining")?
        .trim()
        .parse()
        .ok()?;
    if remaining > 0.0 {
        return None;
    }
    let reset: u64 = answer.header("x-ratelimit-reset")?.trim().parse().ok()?;
    let reset = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(reset))?;
    Some(reset.duration_since(now).unwrap_or_default())
}

/// GitHub's secondary limits come as 403 with only a sentence.
fn mentions_rate_limit(body: &[u8]) -> bool {
    String::from_utf8_lossy(body)
        .to_lowercase()
        .contains("rate limit")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_800_000_000;

    fn wait(status: u16, headers: &[(&'static str, &str)], body: &str) -> Option<u64> {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect();
        let answer = Answer {
            status: StatusCode::from_u16(status).unwrap(),
            headers,
            body: body.as_bytes().to_vec(),
            url: "https://x.com".parse().unwrap(),
        };
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(NOW);
        blocked_until(&answer, now).map(|it| it.duration_since(now).unwrap().as_secs())
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        assert_eq!(wait(429, &[("retry-after", "30")], ""), Some(30));
        assert_eq!(wait(200, &[("retry-after", "5")], ""), Some(5));
        assert_eq!(
            wait(503, &[("retry-after", "Fri, 15 Jan 2027 08:02:00 GMT")], ""),
            Some(120)
        );
        assert_eq!(
            wait(429, &[("retry-after", "Fri, 15 Jan 1999 08:02:00 GMT")], ""),
            Some(60)
        );
    }

    #[test]
    fn a_used_up_quota_blocks_until_the_reset() {
        let reset = (NOW + 600).to_string();
        let headers = [
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset", reset.as_str()),
        ];
        assert_eq!(wait(403, &headers, ""), Some(600));
        assert_eq!(wait(200, &headers, ""), Some(600));
        let left = [
            ("x-ratelimit-remaining", "17"),
            ("x-ratelimit-reset", reset.as_str()),
        ];
        assert_eq!(wait(200, &left, ""), None);
        let past = [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1")];
        assert_eq!(wait(403, &past, ""), Some(1));
        let absurd = [
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset", "99999999999"),
        ];
        assert_eq!(wait(403, &absurd, ""), Some(7200));
    }

    #[test]
    fn limits_without_a_time_get_one() {
        assert_eq!(wait(429, &[], ""), Some(60));
        assert_eq!(
            wait(403, &[], "You have exceeded a secondary rate limit."),
            Some(60)
        );
        assert_eq!(wait(403, &[], "Resource not accessible"), None);
        assert_eq!(wait(429, &[("retry-after", "soon")], ""), Some(60));
        assert_eq!(wait(200, &[("x-ratelimit-remaining", "many")], ""), None);
    }
}
