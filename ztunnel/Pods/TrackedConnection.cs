using System.Net;
using System.Runtime.CompilerServices;
using Ambient.Mesh.Policies;
using Ambient.Mesh.Telemetry;
using Ambient.Mesh.Workloads;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Loops;
using Ambient.Ztunnel.Admin;
using Ambient.Ztunnel.Telemetry;

namespace Ambient.Ztunnel.Pods;

/// <summary>
/// A live connection as <see cref="ConnectionTable"/> keeps it: shown by the admin pages, and, when inbound, judged again when policies change.
/// </summary>
internal sealed class TrackedConnection : IDisposable
{
    private readonly ConnectionTable _table;
    private readonly EventLoop _loop;

    public TrackedConnection(ConnectionTable table, EventLoop loop, TrafficDirection direction, IPEndPoint source)
    {
        _table = table;
        _loop = loop;
        Direction = direction;
        Source = source;
    }

    public TrafficDirection Direction { get; }

    public IPEndPoint Source { get; }

    /// <summary>Outbound: where the application wanted to go, an <see cref="IPEndPoint"/>; inbound: the forwarded host, if any. Text only when shown.</summary>
    public object? OriginalDestination { get; init; }

    public required IPEndPoint ActualDestination { get; init; }

    public PodConnectionProtocol Protocol { get; init; }

    /// <summary>The destination as it was when the connection was accepted; judgements use it, not what it became (node-proxy 4.6).</summary>
    public Workload? Destination { get; init; }

    public AuthorizationRequest? Request { get; init; }

    /// <summary>The connection's id in lines about it; null where none were written when it began.</summary>
    public StrongBox<TraceParent>? Trace { get; init; }

    /// <summary>An id to keep: what the peer gave, or a random one (node-proxy 1.3.4).</summary>
    public static StrongBox<TraceParent> Keep(TraceParent? given) => new(given ?? TraceParent.CreateRandom(Random.Shared));

    /// <summary>Ends the connection with a failure; run on its loop.</summary>
    public Action<ConnectionFailure>? Close { get; set; }

    /// <summary>Any thread: ends the connection soon, unless it ended meanwhile.</summary>
    public void PostClose(ConnectionFailure failure) =>
        _loop.Post(static state => (((TrackedConnection, ConnectionFailure))state!).Item1.Close?.Invoke((((TrackedConnection, ConnectionFailure))state!).Item2), (this, failure));

    public void Dispose()
    {
        Close = null;
        _table.Remove(this);
    }
}
