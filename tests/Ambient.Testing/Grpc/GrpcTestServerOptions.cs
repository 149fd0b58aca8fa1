using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Ambient.Testing.Grpc;

public sealed record GrpcTestServerOptions
{
    /// <summary>null: HTTP/2 without TLS.</summary>
    public X509Certificate2? Certificate { get; init; }

    public SslProtocols Protocols { get; init; } = SslProtocols.Tls13;

    public bool WantsClientCertificate { get; init; }

    /// <summary>0 takes a free port.</summary>
    public int Port { get; init; }
}
