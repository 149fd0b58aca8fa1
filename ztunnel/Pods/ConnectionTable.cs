using System.Collections.Concurrent;
using Ambient.Ztunnel.Admin;
using Ambient.Ztunnel.Telemetry;

namespace Ambient.Ztunnel.Pods;

/// <summary>The live connections of one pod.</summary>
internal sealed class ConnectionTable
{
    private readonly ConcurrentDictionary<TrackedConnection, byte> _connections = new();

    public IEnumerable<TrackedConnection> Inbound => _connections.Keys.Where(connection => connection.Direction == TrafficDirection.Inbound);

    /// <summary>From here on the connection is shown and, when inbound, judged again at every policy change.</summary>
    public void Add(TrackedConnection connection) => _connections.TryAdd(connection, 0);

    public void Remove(TrackedConnection connection) => _connections.TryRemove(connection, out _);

    /// <summary>For the admin pages.</summary>
    public IReadOnlyList<PodConnection> Snapshot(TrafficDirection direction) =>
    [
        .. _connections.Keys.Where(connection => connection.Direction == direction)
            .Select(connection => new PodConnection(
                connection.Source, connection.OriginalDestination?.ToString(), connection.ActualDestination.ToString(), connection.Protocol)),
    ];
}
