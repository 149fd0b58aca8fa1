using Ambient.Bench.Certificates;
using Ambient.Bench.Options;
using Ambient.Bench.Rig;

namespace Ambient.Bench.Systems;

/// <summary>Makes the pairs of one suite. Pairs that never share a tunnel serve W4 and W5 alike and exist once.</summary>
/// <param name="plane">What surrounds the pairs of ours.</param>
internal sealed class SystemCatalog(BenchOptions options, TlsSuite suite, BenchCertificates certificates, MeshPlane plane)
{
    private readonly Dictionary<string, ISystemPair> _resident = new(StringComparer.Ordinal);
    private int _next = 1;

    /// <summary>The resident pairs of the wanted systems, not yet started at the first call.</summary>
    public IReadOnlyList<ISystemPair> Pairs(bool tunnelPerConnection) =>
        [.. options.Systems.Select(name => Resident(name, tunnelPerConnection && SystemName.IsOurs(name)))
            .Where(pair => !tunnelPerConnection || pair.Name is not SystemName.HaproxyPlain)];

    /// <summary>New pairs of the proxies, for a study that needs them untouched. A quick run, where each takes a twentieth of the time, has two.</summary>
    public IEnumerable<ISystemPair> FreshProxies() => options.Systems
        .Where(name => name is not (SystemName.Direct or SystemName.OursAgain))
        .Where(name => !options.Quick || SystemName.IsOurs(name) || name == SystemName.HaproxyTls)
        .Select(name => Create(name, tunnelPerConnection: false));

    /// <summary>A new pair of ours whose client side has a control plane of its own.</summary>
    public MeshedAmbientPair WithControlPlane(MeshPlane clientPlane) =>
        new(SystemName.Ours, _next++, suite, certificates, options.Ztunnel, tunnelPerConnection: false, clientPlane, plane);

    public Task<MeshPlane> StartControlPlaneAsync(BenchRig rig, int workloads) => MeshPlane.StartFurtherAsync(rig, certificates, workloads);

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
        SystemName.Ours or SystemName.OursAgain =>
            new MeshedAmbientPair(name, _next++, suite, certificates, options.Ztunnel, tunnelPerConnection, plane, plane),
        SystemName.OursLean => new LeanAmbientPair(name, _next++, suite, certificates, options.Ztunnel, tunnelPerConnection),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Unknown system"),
    };
}
