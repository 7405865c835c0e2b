mod core;
mod layer;
mod properties;

use super::*;
use crate::testing::ms;

fn config() -> CooldownConfig {
    CooldownConfig { pause: ms(100), ..CooldownConfig::default() }
}
