use cascadia_scenarios::shipped;

use super::run::shown;
use crate::terminal::print;
use crate::trouble::Trouble;

/// `cascadia list`.
pub(crate) fn run() -> Result<u8, Trouble> {
    let width = shipped::ALL.iter().map(|scenario| scenario.name.len()).max().unwrap_or(0);
    let line =
        |scenario: &shipped::Shipped| format!("{:width$}  {}\n", scenario.name, scenario.purpose);
    let lines: String = shipped::ALL.iter().map(line).collect();
    shown(print(&lines))
}
