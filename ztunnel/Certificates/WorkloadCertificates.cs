using Ambient.Certs;
using Ambient.Certs.Revocation;
using Ambient.Hbone;
using Ambient.Mesh.State;
using Ambient.Tls;
using Ambient.Ztunnel.Admin;
using Ambient.Ztunnel.Configuration;
using Ambient.Ztunnel.Pods;
using Ambient.Ztunnel.Telemetry;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Certificates;

/// <summary>Everything about certificates that the program needs, put together: source, store, warm-up, clock, revocation, metrics.</summary>
internal sealed class WorkloadCertificates : IAsyncDisposable
{
    private readonly ICertificateSource _source;
    private readonly CertificateDemand _demand;
    private readonly ClockWatch _clock;
    private readonly RevocationWatch? _revocation;

    private WorkloadCertificates(
        ICertificateSource source, CertificateStore store, CertificateDemand demand, RevocationWatch? revocation, TimeProvider time, ILogger logger)
    {
        _source = source;
        Store = store;
        _revocation = revocation;
        _demand = demand;
        _clock = new ClockWatch(time, jump =>
        {
            CertificateLog.ClockJumped(logger, jump);
            store.Reconsider();
        });
        Warnings = new ExpiryWarnings(store, time);
    }

    public CertificateStore Store { get; }

    /// <summary>What readiness has to say about them.</summary>
    public ExpiryWarnings Warnings { get; }

    /// <summary>Keeps live tunnels under the eye of the revocation lists; null without lists.</summary>
    public ITunnelTracker? Tracker => _revocation is null ? null : new RevocableTunnels(_revocation);

    /// <param name="stopping">Ends the watches of files.</param>
    /// <exception cref="StartException">Certificates cannot be had with these settings; the message names the next step.</exception>
    public static async Task<WorkloadCertificates> OpenAsync(
        ZtunnelOptions options, LoggerProvider loggers, MetricsRegistry metrics, TimeProvider time, CancellationToken stopping, CancellationToken cancellation)
    {
        ILogger logger = loggers.CreateLogger(LogTargets.Certificates);
        ICertificateSource source = await CertificateSource.OpenAsync(options, logger, time, cancellation);
        CertificateReports reports = new(loggers);
        CertificateDemand demand = new();
        CertificateStore store = new(source, time, reports) { IsNeeded = demand.Needs };
        demand.Attach(store);
        metrics.Add(reports);
        metrics.Add(new CertificateExpiry(store));
        return new WorkloadCertificates(source, store, demand, OpenRevocation(options.Certificates, metrics, logger, time, stopping), time, logger);
    }

    /// <summary>Whose certificates are kept.</summary>
    public CertificateDemand Demand => _demand;

    /// <exception cref="StartException">The policy asks for cryptography that this machine does not have.</exception>
    public WorkloadCredentials Credentials(CertificateOptions options)
    {
        TlsOptions tls = TlsOptions.Default with { Suites = options.Suites, RevocationCheck = _revocation is { } lists ? lists.Check : null };
        if (options.Compliance == CompliancePolicy.PostQuantum)
        {
            if (!TlsLibrary.HasGroup(TlsOptions.PostQuantumGroup))
            {
                throw new StartException(
                    $"{SettingNames.CompliancePolicy}=pqc needs the key exchange {TlsOptions.PostQuantumGroup}, which {TlsLibrary.Version} does not have: install OpenSSL 3.5 or later (libssl.so.3), or remove the setting");
            }

            tls = tls with { Groups = [TlsOptions.PostQuantumGroup] };
        }

        return new WorkloadCredentials(Store, tls);
    }

    /// <summary>Warms up what the mesh has on this node: for a proxy that serves many pods. A dedicated one needs the identity of its workload only.</summary>
    public void Follow(MeshStore mesh) => _demand.Follow(mesh);

    public async ValueTask DisposeAsync()
    {
        _demand.Dispose();
        _clock.Dispose();
        await Store.DisposeAsync();
        (_source as IDisposable)?.Dispose();
    }

    private static RevocationWatch? OpenRevocation(
        CertificateOptions options, MetricsRegistry metrics, ILogger logger, TimeProvider time, CancellationToken stopping)
    {
        if (options.CrlPath is not { } path)
        {
            return null;
        }

        RevocationWatch watch = new();
        metrics.Add(new RevocationMetrics(watch));
        new RevocationFile(path, watch, logger, time).Start(stopping);
        return watch;
    }
}
