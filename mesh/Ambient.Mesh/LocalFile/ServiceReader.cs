using System.Collections.Immutable;
using Ambient.Mesh.Addresses;
using Ambient.Mesh.Services;

namespace Ambient.Mesh.LocalFile;

/// <summary>Reads the services of a local file (node-proxy 9.6, 9.9).</summary>
internal static class ServiceReader
{
    private static readonly ObjectSchema<ServiceDraft> Schema = new("a service", ["name", "namespace", "hostname", "vips", "ports"], new()
    {
        ["name"] = static (reader, draft) => draft.Name = reader.ReadText("name"),
        ["namespace"] = static (reader, draft) => draft.Namespace = reader.ReadText("namespace"),
        ["hostname"] = static (reader, draft) => draft.Hostname = reader.ReadText("hostname"),
        ["vips"] = static (reader, draft) => draft.Vips = reader.ReadValues("vips", MeshValues.ReadNetworkAddress),
        ["cidrVips"] = static (reader, draft) => draft.CidrVips = reader.ReadValues("cidrVips", ReadCidrVip),
        ["ports"] = static (reader, draft) => draft.Ports = MeshValues.ReadPortMap(reader, "ports"),
        ["endpoints"] = static (reader, draft) => ReadEndpoints(reader, draft),
        ["subjectAltNames"] = static (reader, draft) => draft.SubjectAltNames =
            reader.ReadList("subjectAltNames", static item => item.ReadText("a subject alternative name")),
        ["waypoint"] = static (reader, draft) => draft.Waypoint = MeshValues.ReadGateway(reader),
        ["weightedWaypoints"] = static (reader, draft) => draft.WeightedWaypoints = reader.ReadList("weightedWaypoints", ReadWeightedWaypoint),
        ["loadBalancer"] = static (reader, draft) => draft.LoadBalancer = ReadLoadBalancer(reader),
        ["ipFamilies"] = static (reader, draft) => draft.IpFamilies = reader.SkipNull()
            ? null
            : reader.ReadChoice("ipFamilies", ("Dual", IpFamilies.Dual), ("IPv4", IpFamilies.IPv4), ("IPv6", IpFamilies.IPv6)),
        ["canonical"] = static (reader, draft) => draft.Canonical = reader.ReadFlag("canonical"),
        ["visibility"] = static (reader, draft) => draft.Visibility =
            reader.ReadChoice("visibility", ("Public", Visibility.Public), ("Namespace", Visibility.Namespace)),
    });

    private static readonly ObjectSchema<CidrDraft> CidrSchema = new("a CIDR address", ["network", "cidr"], new()
    {
        ["network"] = static (reader, draft) => draft.Network = reader.ReadText("network"),
        ["cidr"] = static (reader, draft) => draft.Prefix = MeshValues.ReadPrefix(reader),
    });

    private static readonly ObjectSchema<WeightedWaypointDraft> WeightedWaypointSchema = new("a weighted waypoint", ["destination", "weight"], new()
    {
        ["destination"] = static (reader, draft) => draft.Destination = MeshValues.ReadRequiredGateway(reader),
        ["weight"] = static (reader, draft) => draft.Weight = reader.ReadNumber("weight", uint.MaxValue),
    });

    private static readonly ObjectSchema<LoadBalancerDraft> LoadBalancerSchema =
        new("a load balancer", ["routingPreferences", "mode", "healthPolicy"], new()
        {
            ["routingPreferences"] = static (reader, draft) => draft.Preferences = reader.ReadValues("routingPreferences", ReadScope),
            ["mode"] = static (reader, draft) => draft.Mode = ReadMode(reader),
            ["healthPolicy"] = static (reader, draft) => draft.HealthPolicy =
                reader.ReadChoice("healthPolicy", ("OnlyHealthy", HealthPolicy.OnlyHealthy), ("AllowAll", HealthPolicy.AllowAll)),
        });

    private static readonly ObjectSchema<EndpointDraft> EndpointSchema = new("an endpoint", ["workloadUid", "port"], new()
    {
        ["workloadUid"] = static (reader, draft) => draft.WorkloadUid = reader.ReadText("workloadUid"),
        ["port"] = static (reader, draft) => draft.Ports = MeshValues.ReadPortMap(reader, "port"),
        ["status"] = static (reader, draft) => draft.Status = WorkloadReader.ReadStatus(reader),
    });

    public static ServiceDraft? Read(YamlReader reader)
    {
        ServiceDraft draft = new() { Start = reader.Position };
        return reader.ReadObject(Schema, draft) ? draft : null;
    }

    private static void ReadEndpoints(YamlReader reader, ServiceDraft draft)
    {
        reader.ReadMapping("endpoints", (uid, where) =>
        {
            EndpointDraft endpoint = new() { Start = where };
            if (!reader.ReadObject(EndpointSchema, endpoint))
            {
                return;
            }

            if (endpoint.WorkloadUid != uid)
            {
                reader.Report(where, $"endpoint {YamlReader.Quote(uid)} must have the same workloadUid");
            }

            draft.Endpoints.Add(endpoint);
        });
    }

    private static NetworkPrefix? ReadCidrVip(YamlReader reader)
    {
        CidrDraft draft = new();
        return reader.ReadObject(CidrSchema, draft) && draft is { Network: { } network, Prefix: { } prefix }
            ? new NetworkPrefix(network, prefix)
            : null;
    }

    private static WeightedWaypoint? ReadWeightedWaypoint(YamlReader reader)
    {
        WeightedWaypointDraft draft = new();
        return reader.ReadObject(WeightedWaypointSchema, draft) && draft is { Destination: { } destination, Weight: { } weight }
            ? new WeightedWaypoint(destination, weight)
            : null;
    }

    private static LoadBalancer? ReadLoadBalancer(YamlReader reader)
    {
        if (reader.SkipNull())
        {
            return null;
        }

        LoadBalancerDraft draft = new();
        return reader.ReadObject(LoadBalancerSchema, draft) && draft is { Mode: { } mode, HealthPolicy: { } healthPolicy }
            ? new LoadBalancer(draft.Preferences, mode, healthPolicy)
            : null;
    }

    private static RoutingScope? ReadScope(YamlReader reader) =>
        reader.ReadChoice(
            "a routing preference",
            ("Region", RoutingScope.Region),
            ("Zone", RoutingScope.Zone),
            ("Subzone", RoutingScope.Subzone),
            ("Node", RoutingScope.Node),
            ("Cluster", RoutingScope.Cluster),
            ("Network", RoutingScope.Network));

    private static LoadBalancerMode? ReadMode(YamlReader reader) =>
        reader.ReadChoice(
            "mode",
            ("Standard", LoadBalancerMode.Standard),
            ("Strict", LoadBalancerMode.Strict),
            ("Failover", LoadBalancerMode.Failover),
            ("Passthrough", LoadBalancerMode.Passthrough));

    private sealed class CidrDraft
    {
        public string? Network { get; set; }

        public IpPrefix? Prefix { get; set; }
    }

    private sealed class WeightedWaypointDraft
    {
        public GatewayAddress? Destination { get; set; }

        public uint? Weight { get; set; }
    }

    private sealed class LoadBalancerDraft
    {
        public ImmutableArray<RoutingScope> Preferences { get; set; } = [];

        public LoadBalancerMode? Mode { get; set; }

        public HealthPolicy? HealthPolicy { get; set; }
    }
}
