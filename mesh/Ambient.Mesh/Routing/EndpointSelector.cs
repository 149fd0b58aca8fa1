using System.Buffers;
using Ambient.Mesh.Services;
using Ambient.Mesh.State;
using Ambient.Mesh.Workloads;

namespace Ambient.Mesh.Routing;

/// <summary>Picks an endpoint of a service for one connection (node-proxy 2.3.2).</summary>
public static class EndpointSelector
{
    /// <summary>
    /// Null when no endpoint is usable, when the port cannot be mapped, or when every candidate has capacity 0.
    /// </summary>
    /// <param name="snapshot">Holds the endpoints.</param>
    /// <param name="client">The source of the connection, for ranking and reachability.</param>
    /// <param name="service">The service addressed.</param>
    /// <param name="servicePort">The port that the client asked for.</param>
    /// <param name="resolution">Whether a waypoint is being resolved.</param>
    /// <param name="random">Drawn from once per call at most.</param>
    public static EndpointChoice? Pick(
        MeshSnapshot snapshot, Workload client, Service service, ushort servicePort, EndpointResolution resolution, Random random)
    {
        bool declared = service.Ports.TryGetTarget(servicePort, out ushort declaredTarget);
        if (resolution == EndpointResolution.Standard && !declared)
        {
            return null;
        }

        ReadOnlySpan<Endpoint> endpoints = snapshot.EndpointsOf(service.Key).All;
        Endpoint[] candidates = ArrayPool<Endpoint>.Shared.Rent(endpoints.Length);
        try
        {
            int count = 0;
            foreach (Endpoint endpoint in endpoints)
            {
                if (IsReachable(client, endpoint.Workload) && IsMappable(endpoint, servicePort, declared, declaredTarget, resolution))
                {
                    candidates[count++] = endpoint;
                }
            }

            count = KeepPreferred(candidates.AsSpan(0, count), client, service.LoadBalancer);
            return PickWeighted(candidates.AsSpan(0, count), random) is { } picked
                && TargetPortOf(picked, servicePort, declaredTarget) is > 0 and var port
                ? new EndpointChoice(picked, port)
                : null;
        }
        finally
        {
            ArrayPool<Endpoint>.Shared.Return(candidates, clearArray: true);
        }
    }

    /// <summary>A workload without address and host name can be reached only through the gateway of another network.</summary>
    private static bool IsReachable(Workload client, Workload candidate) =>
        !candidate.Addresses.IsEmpty
        || candidate.Hostname.Length > 0
        || (candidate.Network != client.Network && candidate.NetworkGateway is not null);

    private static bool IsMappable(
        Endpoint endpoint, ushort servicePort, bool declared, ushort declaredTarget, EndpointResolution resolution) =>
        resolution == EndpointResolution.Waypoint
            ? declared || endpoint.Workload.ApplicationTunnel is not null
            : declaredTarget != 0 || endpoint.Ports.TryGetTarget(servicePort, out _);

    private static int KeepPreferred(Span<Endpoint> candidates, Workload client, LoadBalancer? balancer)
    {
        if (balancer is null || balancer.Mode is not (LoadBalancerMode.Strict or LoadBalancerMode.Failover))
        {
            return candidates.Length;
        }

        int kept = 0;
        int best = -1;
        foreach (Endpoint candidate in candidates)
        {
            if (balancer.Mode == LoadBalancerMode.Strict)
            {
                if (EndpointPreference.MatchesAll(balancer, client, candidate.Workload))
                {
                    candidates[kept++] = candidate;
                }

                continue;
            }

            int rank = EndpointPreference.Rank(balancer, client, candidate.Workload);
            if (rank > best)
            {
                best = rank;
                kept = 0;
            }

            if (rank == best)
            {
                candidates[kept++] = candidate;
            }
        }

        return kept;
    }

    private static Endpoint? PickWeighted(ReadOnlySpan<Endpoint> candidates, Random random)
    {
        long total = 0;
        foreach (Endpoint candidate in candidates)
        {
            total += candidate.Workload.Capacity;
        }

        if (total == 0)
        {
            return null;
        }

        long drawn = random.NextInt64(total);
        foreach (Endpoint candidate in candidates)
        {
            drawn -= candidate.Workload.Capacity;
            if (drawn < 0)
            {
                return candidate;
            }
        }

        return null;
    }

    private static ushort TargetPortOf(Endpoint endpoint, ushort servicePort, ushort declaredTarget)
    {
        if (endpoint.Ports.TryGetTarget(servicePort, out ushort mapped))
        {
            return mapped;
        }

        return declaredTarget > 0 ? declaredTarget
            : endpoint.Workload.ApplicationTunnel?.Port is not null ? servicePort
            : (ushort)0;
    }
}
