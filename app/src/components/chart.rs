//! Small charts, drawn as SVG on the server. Each says its figures in words too.

use leptos::prelude::*;

use super::Tone;

/// A share of a whole, or one bar.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// What it is.
    pub label: String,
    /// How much.
    pub value: f64,
    /// What the colour says.
    pub tone: Tone,
}

impl Segment {
    /// A segment of `value` called `label`.
    pub fn new(label: impl Into<String>, value: f64, tone: Tone) -> Self {
        Self {
            label: label.into(),
            value,
            tone,
        }
    }
}

/// The course of one figure, without axes.
#[component]
pub fn Sparkline(
    /// What it shows, with its last value.
    #[prop(into)]
    label: String,
    /// The values, oldest first.
    values: Vec<f64>,
) -> impl IntoView {
    let line = points(&values);
    let area = format!("0,24 {line} 96,24");
    view! {
        <svg class="sparkline" viewBox="0 0 96 24" width="96" height="24" role="img" aria-label=label>
            <polygon points=area/>
            <polyline points=line fill="none" vector-effect="non-scaling-stroke"/>
        </svg>
    }
}

/// Figures beside each other, as bars with their names.
#[component]
pub fn BarChart(
    /// What it compares.
    #[prop(into)]
    label: String,
    /// The bars.
    bars: Vec<Segment>,
) -> impl IntoView {
    let most = bars
        .iter()
        .map(|bar| bar.value)
        .fold(f64::MIN_POSITIVE, f64::max);
    view! {
        <ul class="bars" aria-label=label>
            {bars
                .into_iter()
                .map(|bar| {
                    let width = format!("{:.1}%", bar.value / most * 100.0);
                    view! {
                        <li class="bar" data-tone=bar.tone.as_str()>
                            <span class="truncate">{bar.label}</span>
                            <span class="bar-track"><span class="bar-fill" style:width=width></span></span>
                            <span class="tabular">{bar.value}</span>
                        </li>
                    }
                })
                .collect_view()}
        </ul>
    }
}

/// Shares of a whole, with a legend.
#[component]
pub fn DonutChart(
    /// What it divides.
    #[prop(into)]
    label: String,
    /// The shares.
    segments: Vec<Segment>,
) -> impl IntoView {
    let total: f64 = segments.iter().map(|segment| segment.value).sum();
    let mut start = 0.0;
    let arcs = segments
        .iter()
        .map(|segment| {
            let share = if total > 0.0 {
                segment.value / total * 100.0
            } else {
                0.0
            };
            let arc = view! {
                <circle
                    class="donut-arc"
                    data-tone=segment.tone.as_str()
                    cx="20" cy="20" r="15.9155"
                    stroke-dasharray=format!("{:.2} {:.2}", (share - 1.0).max(0.0), 101.0 - share)
                    stroke-dashoffset=format!("{:.2}", 25.0 - start)
                />
            };
            start += share;
            arc
        })
        .collect_view();
    let legend = segments
        .iter()
        .map(|segment| {
            view! {
                <li>
                    <span class="status-dot" data-tone=segment.tone.as_str() aria-hidden="true"></span>
                    {segment.label.clone()}
                    <span class="tabular">{segment.value}</span>
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="donut">
            <svg viewBox="0 0 40 40" width="96" height="96" role="img" aria-label=label>
                {arcs}
                <text x="20" y="20" class="donut-total">{total}</text>
            </svg>
            <ul class="donut-legend">{legend}</ul>
        </div>
    }
}

/// The values scaled into the 96 × 24 box, with room for the stroke.
fn points(values: &[f64]) -> String {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let span = if high > low { high - low } else { 1.0 };
    let step = 96.0 / (values.len().max(2) - 1) as f64;
    let points: Vec<String> = values
        .iter()
        .enumerate()
        .map(|(at, value)| {
            format!(
                "{:.1},{:.1}",
                at as f64 * step,
                22.0 - (value - low) / span * 20.0
            )
        })
        .collect();
    points.join(" ")
}

#[cfg(test)]
mod tests {
    use super::points;

    #[test]
    fn a_sparkline_fills_its_box() {
        assert_eq!(points(&[1.0, 3.0, 2.0]), "0.0,22.0 48.0,2.0 96.0,12.0");
    }

    #[test]
    fn a_flat_line_and_no_line_can_be_drawn() {
        assert_eq!(points(&[5.0, 5.0]), "0.0,22.0 96.0,22.0");
        assert_eq!(points(&[]), "");
    }
}
