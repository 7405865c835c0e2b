//! Published results, from scenario files alone.

mod throttle;
