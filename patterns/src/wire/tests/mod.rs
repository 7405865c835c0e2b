mod grpc;
mod http;
