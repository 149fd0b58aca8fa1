namespace Ambient.Grpc;

/// <summary>A call that did not end with status OK: the server's own status, or what the transport makes of its failure.</summary>
public sealed class GrpcException(GrpcStatusCode status, string detail, Exception? inner = null)
    : Exception($"{status}: {detail}", inner)
{
    public GrpcStatusCode Status { get; } = status;

    /// <summary>The server's <c>grpc-message</c>, decoded, or the cause of a transport failure.</summary>
    public string Detail { get; } = detail;
}
