using System.Net;
using Ambient.Transport.Lifetime;
using Ambient.Ztunnel.Configuration;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>One failed connection, as <c>/debug/failures</c> shows it.</summary>
/// <param name="Time">When it ended.</param>
/// <param name="Pod">The pod whose proxy it was; null in tests of parts.</param>
/// <param name="Source">Who connected.</param>
/// <param name="Destination">Where to: the tunnel's address where there is one.</param>
/// <param name="Description">Null when it was refused before it was accounted.</param>
/// <param name="Totals">Null when it was refused before it was accounted.</param>
/// <param name="Flag">The response flag of its metrics.</param>
/// <param name="Failure">Why.</param>
internal sealed record FailureEntry(
    DateTimeOffset Time,
    WorkloadInfo? Pod,
    TrafficDirection Direction,
    IPEndPoint Source,
    IPEndPoint Destination,
    ConnectionDescription? Description,
    ConnectionTotals? Totals,
    ResponseFlag Flag,
    ConnectionFailure Failure)
{
    /// <summary>Counts up from 1 since the program started; set when the entry is added.</summary>
    public long Number { get; set; }
}
