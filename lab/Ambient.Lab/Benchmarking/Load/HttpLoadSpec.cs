using System.Net;

namespace Ambient.Lab.Benchmarking.Load;

/// <summary>A load on one endpoint, bounded in time and in count: whichever comes first ends it.</summary>
public sealed record HttpLoadSpec(IPEndPoint Target, HttpLoadMode Mode)
{
    public const int MaxConnections = 512;
    public const int MaxSeconds = 60;

    /// <summary>
    /// Limit of new connections in one load: each leaves an entry in the kernel's tables for two minutes, and a lab's pod has
    /// 51,000 ports.
    /// </summary>
    public const int MaxNewConnections = 5000;

    private const long MaxRequests = 100_000_000;

    /// <summary>Connections in use at the same moment.</summary>
    public int Connections { get; init; } = 1;

    /// <summary>Time that counts.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Load before it, which compiles the client's own code and opens connections.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>Operations after which the load ends early.</summary>
    public long MaxOperations { get; init; } = Mode == HttpLoadMode.NewConnections ? MaxNewConnections : MaxRequests;

    /// <summary>Null when it may be run, else the reason why not.</summary>
    public string? FindFault() => this switch
    {
        { Connections: < 1 or > MaxConnections } => $"connections must be 1 to {MaxConnections}",
        { Duration.TotalSeconds: <= 0 or > MaxSeconds } => $"a load lasts more than 0 and at most {MaxSeconds} seconds",
        { MaxOperations: < 1 or > MaxRequests } => $"a load has 1 to {MaxRequests} operations",
        _ => null,
    };
}
