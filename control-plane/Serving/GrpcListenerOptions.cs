using System.Net;

namespace Ambient.ControlPlane.Serving;

/// <summary>Where a <see cref="GrpcListener"/> listens, and how.</summary>
public sealed record GrpcListenerOptions
{
    /// <summary>Port 0 takes a free one.</summary>
    public required IPEndPoint Address { get; init; }

    /// <summary>The certificate of a new connection, asked each time so that a renewed one is used at once; null: no TLS.</summary>
    public ICertificateSource? Certificate { get; init; }

    /// <summary>Connections at once.</summary>
    public int MaxConnections { get; init; } = 20_000;
}
