namespace Ambient.Ztunnel.Configuration;

/// <summary>The transports of OTLP that are spoken here (OTLP specification, OTEL_EXPORTER_OTLP_PROTOCOL).</summary>
internal enum OtlpProtocol
{
    /// <summary>Protobuf bodies over HTTP/1.1.</summary>
    Http,

    /// <summary>Unary gRPC calls over HTTP/2.</summary>
    Grpc,
}
