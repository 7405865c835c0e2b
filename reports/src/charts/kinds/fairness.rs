use crate::charts::caption::{left_out, note};
use crate::charts::frame::{Key, LEFT, RIGHT, Row, Tick, label_ends, over_time};
use crate::charts::kind::{Draw, Kind};
use crate::charts::lines::{line, range};
use crate::charts::picture::Drawn;
use crate::charts::scale::Scale;
use crate::format;
use crate::palette::{self, BOUND, SERIES};
use crate::result::RunResult;
use crate::windows::Windows;

/// More services than this are not drawn, the fairest first.
const SERVICES: usize = 6;
/// More replicas than this have no line of their own, those nearest to their fair share first.
const LINES: usize = 4;

pub(super) const KIND: Kind =
    Kind { name: "fairness", title: "Fairness among replicas", draw: Draw::Run(draw) };

/// How evenly the arrivals at each service are spread over its replicas.
fn draw(result: &RunResult) -> Drawn<'_> {
    let windows = Windows::of(&result.series);
    let (shown, others) = least_fair(result);
    if shown.is_empty() {
        return Err("No request arrived at a service of 2 to 64 replicas.".to_owned());
    }
    let more = left_out(others, "service that is fairer", "services that are fairer");
    let caption = format!(
        "The share of a service's arrivals that each replica gets, from the least to the greatest \
         (area), and that of at most {LINES} replicas, those farthest from the fair share (lines). \
         Below it is how far the replicas are apart: 1 and 0 are perfectly fair, and chance is what \
         picking one at random gives; {}.{more}",
        note(result)
    );
    let rows = shown.iter().flat_map(|service| service.rows(windows)).collect();
    Ok(over_time(result, caption, Vec::new(), rows))
}

/// The services to draw, by name, and how many more have several replicas.
fn least_fair(result: &RunResult) -> (Vec<Service<'_>>, usize) {
    let services = result.series.services.iter();
    let mut services: Vec<Service<'_>> = services
        .filter(|(_, series)| series.replica_arrivals.len() > 1)
        .map(|(name, series)| Service::new(name, &series.replica_arrivals))
        .filter(|service| service.windows.iter().any(Option::is_some))
        .collect();
    services.sort_by(|a, b| b.unfairness().total_cmp(&a.unfairness()));
    let left_out = services.len().saturating_sub(SERVICES);
    services.truncate(SERVICES);
    services.sort_by_key(|service| service.name);
    (services, left_out)
}

/// The arrivals at a service of several replicas.
struct Service<'a> {
    name: &'a str,
    replicas: usize,
    /// None where nothing arrived.
    windows: Vec<Option<Window>>,
}

impl<'a> Service<'a> {
    fn new(name: &'a str, arrivals: &[Vec<u64>]) -> Self {
        let windows = arrivals.iter().map(Vec::len).min().unwrap_or(0);
        let window = |at: usize| Window::new(arrivals.iter().map(|counts| counts[at]).collect());
        Self { name, replicas: arrivals.len(), windows: (0..windows).map(window).collect() }
    }

    /// A figure of each window.
    fn each(&self, figure: impl Fn(&Window) -> f64) -> Vec<Option<f64>> {
        self.windows.iter().map(|window| window.as_ref().map(&figure)).collect()
    }

    fn sum(&self, figure: impl Fn(&Window) -> f64) -> f64 {
        self.windows.iter().flatten().map(figure).sum()
    }

    /// The mean square of the variation, less that of chance; windows weigh by their arrivals.
    fn unfairness(&self) -> f64 {
        let square = |value: f64| value * value;
        let beyond = |window: &Window| square(window.variation()) - square(window.chance());
        self.sum(|window| window.arrivals * beyond(window)) / self.sum(|window| window.arrivals)
    }

    /// The replicas that are farthest from the fair share, in order.
    fn farthest(&self) -> Vec<usize> {
        let away = |replica: usize| {
            self.sum(|window| window.arrivals * (window.shares[replica] - window.fair()).abs())
        };
        let mut replicas: Vec<usize> = (0..self.replicas).collect();
        replicas.sort_by(|&a, &b| away(b).total_cmp(&away(a)));
        replicas.truncate(LINES);
        replicas.sort_unstable();
        replicas
    }

    fn rows(&self, windows: Windows) -> [Row<'static>; 3] {
        const MOST: &str = "most arrivals of a replica ÷ mean (dashed: 1, fair)";
        const VARIATION: &str = "coefficient of variation among replicas (dashed: chance)";
        let most = self.each(|window| window.most() / window.fair());
        let (variation, chance) = (self.each(Window::variation), self.each(Window::chance));
        [
            self.shares(windows),
            figure(windows, MOST, most, self.each(|_| 1.0)),
            figure(windows, VARIATION, variation, chance),
        ]
    }

    fn shares(&self, windows: Windows) -> Row<'static> {
        let (least, most) = (self.each(Window::least), self.each(Window::most));
        let share = |replica: usize| (replica, self.each(|window| window.shares[replica]));
        let lines: Vec<_> = self.farthest().into_iter().map(share).collect();
        let fair = 1.0 / self.replicas as f64;
        Row {
            heading: Some(self.name.to_owned()),
            label: "share of arrivals per replica (dashed: the fair share)".to_owned(),
            height: 84.0,
            scale: Some((Scale::from_zero(greatest(&most)), format::share)),
            paint: Box::new(move |canvas, space| {
                range(canvas, space, windows, (&least, &most), SERIES);
                let mut labels: Vec<(f64, Key)> = Vec::new();
                for (index, (replica, shares)) in lines.iter().enumerate() {
                    let color = palette::kind(index);
                    line(canvas, space, windows, shares, color);
                    let last = shares.iter().rev().find_map(|share| *share).unwrap_or(fair);
                    labels.push((space.y(last), (color, format!("replica {replica}"))));
                }
                let y = space.y(fair);
                canvas.line(&[(LEFT, y), (RIGHT, y)], BOUND, 1.2);
                label_ends(canvas, space, labels);
            }),
        }
    }
}

fn figure(
    windows: Windows,
    label: &str,
    values: Vec<Option<f64>>,
    reference: Vec<Option<f64>>,
) -> Row<'static> {
    let most = greatest(&values).max(greatest(&reference));
    Row {
        heading: None,
        label: label.to_owned(),
        height: 46.0,
        scale: Some((Scale::from_zero(most), format::number as Tick)),
        paint: Box::new(move |canvas, space| {
            line(canvas, space, windows, &values, SERIES);
            line(canvas, space, windows, &reference, BOUND);
        }),
    }
}

/// A window with arrivals.
struct Window {
    arrivals: f64,
    /// The share of each replica.
    shares: Vec<f64>,
}

impl Window {
    fn new(counts: Vec<u64>) -> Option<Self> {
        let arrivals = counts.iter().sum::<u64>() as f64;
        let shares = counts.into_iter().map(|count| count as f64 / arrivals).collect();
        (arrivals > 0.0).then_some(Self { arrivals, shares })
    }

    fn fair(&self) -> f64 {
        1.0 / self.shares.len() as f64
    }

    fn least(&self) -> f64 {
        self.shares.iter().copied().fold(1.0, f64::min)
    }

    fn most(&self) -> f64 {
        self.shares.iter().copied().fold(0.0, f64::max)
    }

    /// The coefficient of variation: the standard deviation ÷ the mean.
    fn variation(&self) -> f64 {
        let apart = self.shares.iter().map(|share| share / self.fair() - 1.0);
        libm::sqrt(apart.map(|apart| apart * apart).sum::<f64>() * self.fair())
    }

    /// The variation that is to be expected where every arrival picks its replica at random.
    fn chance(&self) -> f64 {
        libm::sqrt((self.shares.len() - 1) as f64 / self.arrivals)
    }
}

fn greatest(values: &[Option<f64>]) -> f64 {
    values.iter().flatten().copied().fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::{KIND, LINES, SERVICES, Service, Window};
    use crate::fixture;

    #[test]
    fn the_figures_are_those_of_the_fair_share() {
        let window = |counts: &[u64]| Window::new(counts.to_vec());
        let even = window(&[25; 4]).expect("there are arrivals");
        assert_eq!((even.least(), even.most(), even.variation()), (0.25, 0.25, 0.0));
        let one = window(&[5, 0, 0, 0, 0]).expect("there are arrivals");
        assert_eq!((one.most() / one.fair(), one.variation()), (5.0, 2.0), "the most there is");
        assert_eq!(window(&[50, 51]).map(|window| window.chance() < 0.1), Some(true));
        assert!(window(&[0, 0]).is_none());
    }

    #[test]
    fn what_is_even_in_sum_only_is_not_fair() {
        let even = Service::new("even", &[vec![50, 0, 50], vec![50, 0, 50]]);
        let herd = Service::new("herd", &[vec![100, 0, 0], vec![0, 0, 100]]);
        assert!(even.unfairness() < 0.0 && herd.unfairness() > 0.9);
    }

    #[test]
    fn a_service_of_one_replica_is_not_drawn() {
        let picture = &KIND.of_run(&fixture::storm())[0];
        assert!(picture.svg.contains(">\norders\n<") && !picture.svg.contains(">\ndb\n<"));
    }

    #[test]
    fn the_least_fair_services_and_replicas_are_drawn() {
        let mut run = fixture::storm();
        let mut unfair = run.series.services["orders"].clone();
        for number in 0..8 {
            unfair.replica_arrivals.push(vec![1; 60]);
            run.series.services.insert(format!("unfair-{number}"), unfair.clone());
        }
        let picture = &KIND.of_run(&run)[0];
        assert_eq!(picture.svg.matches(">\nunfair-").count(), SERVICES);
        assert_eq!(picture.svg.matches(">\nreplica ").count(), SERVICES * LINES);
        assert!(!picture.svg.contains(">\norders\n<"), "it is fairer");
        assert!(picture.caption.contains("3 services that are fairer are not shown."));
    }
}
