using System.Collections.Immutable;
using System.Net;
using Ambient.ControlPlane.Serving;

namespace Ambient.ControlPlane.Configuration;

/// <summary>What is served where (control-plane-and-cni appendix A).</summary>
public sealed record ServingOptions
{
    /// <summary>Discovery without TLS and without asking who calls: for the machine's own programs. Null: not served.</summary>
    public IPEndPoint? PlainAddress { get; init; } = new(IPAddress.Loopback, 15010);

    /// <summary>Discovery in TLS; null: not served.</summary>
    public IPEndPoint? SecureAddress { get; init; } = new(SettingValues.Everywhere, 15012);

    /// <summary>Readiness, for probes; null: not served.</summary>
    public IPEndPoint? HttpAddress { get; init; } = new(SettingValues.Everywhere, 8080);

    /// <summary>Metrics; null: not served.</summary>
    public IPEndPoint? MonitoringAddress { get; init; } = new(SettingValues.Everywhere, 15014);

    /// <summary>The certificate of the TLS port; null: the port is not opened.</summary>
    public CertificateFiles? Certificate { get; init; }

    /// <summary>For whom a caller's token must be (control-plane-and-cni 6.2).</summary>
    public ImmutableArray<string> TokenAudiences { get; init; } = ["istio-ca"];
}
