mod headers;
mod layer;
