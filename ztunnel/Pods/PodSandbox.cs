using Ambient.Transport.Namespaces;

namespace Ambient.Ztunnel.Pods;

/// <summary>Where a pod's network namespace comes from, for as long as its proxy has to be tried again.</summary>
internal sealed class PodSandbox : IDisposable
{
    private readonly string? _path;
    private readonly NetworkNamespace? _held;

    private PodSandbox(string? path, NetworkNamespace? held)
    {
        _path = path;
        _held = held;
    }

    /// <summary>The process's own namespace.</summary>
    public static PodSandbox Own { get; } = new(null, null);

    /// <summary>A file that is opened anew at each try: the pod may come later than its mention.</summary>
    public static PodSandbox At(string path) => new(path, null);

    /// <summary>Takes over a namespace that is open.</summary>
    public static PodSandbox Holding(NetworkNamespace held) => new(null, held);

    /// <summary>A descriptor for one try; null is the process's own namespace.</summary>
    /// <exception cref="IOException">There is no such namespace.</exception>
    public NetworkNamespace? Open() => _held?.Duplicate() ?? (_path is null ? null : NetworkNamespace.Open(_path));

    /// <summary>What <see cref="Open"/> gave out stays open.</summary>
    public void Dispose() => _held?.Dispose();
}
