namespace Ambient.Ztunnel.Otlp;

/// <summary>What is exported, and where on the collector it goes (OTLP specification, "OTLP/HTTP Request" and "OTLP/gRPC").</summary>
internal sealed record OtlpSignal(string Name, string HttpPath, string GrpcPath)
{
    public static OtlpSignal Spans { get; } =
        new("spans", "v1/traces", "opentelemetry.proto.collector.trace.v1.TraceService/Export");

    public static OtlpSignal Metrics { get; } =
        new("metrics", "v1/metrics", "opentelemetry.proto.collector.metrics.v1.MetricsService/Export");
}
