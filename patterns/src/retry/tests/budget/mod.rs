mod kinds;
mod ratio;
mod suite;
