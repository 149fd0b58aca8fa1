using System.Net.Security;

namespace Ambient.Grpc;

/// <summary>How to reach a server (node-proxy 3.1).</summary>
public sealed record GrpcChannelOptions
{
    /// <summary>node-proxy 3.1.</summary>
    public const int DefaultMaxMessageBytes = 200 * 1024 * 1024;

    /// <summary>Scheme https, or http for HTTP/2 without TLS by prior knowledge; host and port.</summary>
    public required Uri Address { get; init; }

    /// <summary>
    /// Makes the TLS options of one connection, so that roots and client certificates are read again for the next. The name sent and
    /// verified is <see cref="SslClientAuthenticationOptions.TargetHost"/>, by default the host of the address. Needed for https.
    /// </summary>
    public Func<SslClientAuthenticationOptions>? Tls { get; init; }

    /// <summary>For TCP and TLS together.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time between HTTP/2 PINGs while a call is open.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A PING without an answer for that long ends the connection.</summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A longer message ends its call with ResourceExhausted, before it is read.</summary>
    public int MaxMessageBytes { get; init; } = DefaultMaxMessageBytes;

    /// <summary>Times deadlines.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
