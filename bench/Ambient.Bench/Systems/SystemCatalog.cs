using Ambient.Bench.Certificates;
using Ambient.Bench.Options;

namespace Ambient.Bench.Systems;

/// <summary>Makes the pairs of one suite. Pairs that never share a tunnel serve W4 and W5 alike and exist once.</summary>
internal sealed class SystemCatalog(BenchOptions options, TlsSuite suite, BenchCertificates certificates)
{
    private readonly Dictionary<string, ISystemPair> _resident = new(StringComparer.Ordinal);
    private int _next = 1;

    /// <summary>The resident pairs of the wanted systems, not yet started at the first call.</summary>
    public IReadOnlyList<ISystemPair> Pairs(bool tunnelPerConnection) =>
        [.. options.Systems.Select(name => Resident(name, tunnelPerConnection && IsOurs(name)))
            .Where(pair => !tunnelPerConnection || pair.Name is not SystemName.HaproxyPlain)];

    /// <summary>New pairs of the proxies, for a study that needs them untouched.</summary>
    public IEnumerable<ISystemPair> FreshProxies() =>
        options.Systems.Where(name => name is not (SystemName.Direct or SystemName.OursAgain)).Select(name => Create(name, tunnelPerConnection: false));

    /// <summary>A new pair of ours whose client side asks a control plane.</summary>
    public AmbientPair WithControlPlane(System.Net.IPEndPoint controlPlane) =>
        new(SystemName.Ours, _next++, suite, certificates, options.Ztunnel) { ControlPlane = controlPlane };

    /// <summary>Certificate and key that a control plane shows.</summary>
    public string ControlPlaneCertificate => certificates.ServerBundleFile;

    private static bool IsOurs(string name) => name is SystemName.Ours or SystemName.OursAgain;

    private ISystemPair Resident(string name, bool tunnelPerConnection)
    {
        string key = tunnelPerConnection ? $"{name}, a tunnel per connection" : name;
        if (!_resident.TryGetValue(key, out ISystemPair? pair))
        {
            pair = Create(name, tunnelPerConnection);
            _resident.Add(key, pair);
        }

        return pair;
    }

    private ISystemPair Create(string name, bool tunnelPerConnection) => name switch
    {
        SystemName.Direct => new DirectPath(),
        SystemName.HaproxyPlain => new HaproxyPair(name, _next++, suite: null, certificates),
        SystemName.HaproxyTls => new HaproxyPair(name, _next++, suite, certificates),
        SystemName.NginxTls => new NginxPair(name, _next++, suite, certificates),
        SystemName.Ours or SystemName.OursAgain => new AmbientPair(name, _next++, suite, certificates, options.Ztunnel, tunnelPerConnection),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Unknown system"),
    };
}
