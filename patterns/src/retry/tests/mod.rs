mod backoff;
mod budget;
mod core;
mod defects;
mod layer;
mod oracle;
mod properties;
mod pushback;
