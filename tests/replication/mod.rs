//! Published and closed-form results from scenario files alone.

mod token_bucket;
