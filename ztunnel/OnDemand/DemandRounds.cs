using Ambient.Mesh.State;
using Ambient.Transport.Lifetime;

namespace Ambient.Ztunnel.OnDemand;

/// <summary>
/// The asking on behalf of one connection: a decision says what it lacks, it is asked for here, and the decision is made again (node-proxy 3.3).
/// Bounded in time and in rounds; a connection that is not decided by then is refused, since whether it may leave in the clear is not known.
/// </summary>
internal sealed class DemandRounds(IOnDemandResources resources, NamesUnderWay underWay, TimeProvider time) : IDisposable
{
    /// <summary>For all rounds of a connection together.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>A destination, its waypoint and that one's network gateway are three; more come only from a mesh that changes meanwhile.</summary>
    public const int MaxRounds = 8;

    private CancellationTokenSource? _limit;

    public AskedResources Asked { get; } = new();

    /// <returns>Null when the answer is in the mesh, be it the resource or that there is none; else why the connection is refused.</returns>
    public async ValueTask<ConnectionFailure?> AskAsync(ResourceDemand demand)
    {
        if (Asked.Count == MaxRounds)
        {
            return Unsettled(demand);
        }

        if (!underWay.TryEnter(demand.Name))
        {
            return TooMany(demand);
        }

        Asked.Add(demand.Name);
        _limit ??= new CancellationTokenSource(Patience, time);
        try
        {
            await resources.FetchAsync(demand.Name, _limit.Token);
            return null;
        }
        catch (OperationCanceledException)
        {
            return NotAnswered(demand);
        }
        finally
        {
            underWay.Leave(demand.Name);
        }
    }

    public void Dispose() => _limit?.Dispose();

    private static ConnectionFailure NotAnswered(ResourceDemand demand) => new(
        FailurePhase.Route,
        FailureSide.Proxy,
        FailureReason.TimedOut,
        $"no answer from the control plane about {demand}",
        $"XDS_ON_DEMAND is on and no answer came within {Patience.TotalSeconds:0} s: look at the control plane and at istio_xds_connection_terminations_total");

    private static ConnectionFailure TooMany(ResourceDemand demand) => new(
        FailurePhase.Route,
        FailureSide.Proxy,
        FailureReason.Overloaded,
        $"too many questions are under way to ask the control plane about {demand}",
        $"XDS_ON_DEMAND is on and {NamesUnderWay.Max} names of this pod's connections wait for an answer: look at the control plane, and for "
        + "a program that connects to ever new addresses");

    private static ConnectionFailure Unsettled(ResourceDemand demand) => new(
        FailurePhase.Route,
        FailureSide.Proxy,
        FailureReason.NoRoute,
        $"the mesh changed with every answer of the control plane, the last time about {demand}",
        $"after {MaxRounds} questions there was still another one: look for waypoints and gateways that are replaced all the time");
}
