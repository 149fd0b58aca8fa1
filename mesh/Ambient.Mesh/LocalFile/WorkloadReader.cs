using Ambient.Mesh.Workloads;

namespace Ambient.Mesh.LocalFile;

/// <summary>Reads the workloads of a local file (node-proxy 9.6, 9.9).</summary>
internal static class WorkloadReader
{
    private static readonly ObjectSchema<WorkloadDraft> Schema = new("a workload", ["workloadIps", "namespace", "services"], new()
    {
        ["uid"] = static (reader, draft) => draft.Uid = reader.ReadText("uid"),
        ["name"] = static (reader, draft) => draft.Name = reader.ReadText("name"),
        ["namespace"] = static (reader, draft) => draft.Namespace = reader.ReadText("namespace"),
        ["trustDomain"] = static (reader, draft) => draft.TrustDomain = reader.ReadText("trustDomain"),
        ["serviceAccount"] = static (reader, draft) => draft.ServiceAccount = reader.ReadText("serviceAccount"),
        ["network"] = static (reader, draft) => draft.Network = reader.ReadText("network"),
        ["workloadIps"] = static (reader, draft) => draft.Addresses = reader.ReadValues("workloadIps", MeshValues.ReadIp),
        ["protocol"] = static (reader, draft) => draft.Protocol =
            reader.ReadChoice("protocol", ("TCP", TunnelProtocol.Tcp), ("HBONE", TunnelProtocol.Hbone)),
        ["networkMode"] = static (reader, draft) => draft.NetworkMode =
            reader.ReadChoice("networkMode", ("Standard", NetworkMode.Standard), ("HostNetwork", NetworkMode.HostNetwork)),
        ["waypoint"] = static (reader, draft) => draft.Waypoint = MeshValues.ReadGateway(reader),
        ["networkGateway"] = static (reader, draft) => draft.NetworkGateway = MeshValues.ReadGateway(reader),
        ["node"] = static (reader, draft) => draft.Node = reader.ReadText("node"),
        ["canonicalName"] = static (reader, draft) => draft.CanonicalName = reader.ReadText("canonicalName"),
        ["canonicalRevision"] = static (reader, draft) => draft.CanonicalRevision = reader.ReadText("canonicalRevision"),
        ["workloadType"] = static (reader, draft) => draft.WorkloadType = ReadWorkloadType(reader),
        ["workloadName"] = static (reader, draft) => draft.WorkloadName = reader.ReadText("workloadName"),
        ["nativeTunnel"] = static (reader, draft) => draft.NativeTunnel = reader.ReadFlag("nativeTunnel"),
        ["applicationTunnel"] = static (reader, draft) => draft.ApplicationTunnel = ReadTunnel(reader),
        ["authorizationPolicies"] = static (reader, draft) => draft.AuthorizationPolicies =
            reader.ReadList("authorizationPolicies", static item => item.ReadText("a policy name")),
        ["status"] = static (reader, draft) => draft.Status = ReadStatus(reader),
        ["clusterId"] = static (reader, draft) => draft.ClusterId = reader.ReadText("clusterId"),
        ["hostname"] = static (reader, draft) => draft.Hostname = reader.ReadText("hostname"),
        ["locality"] = static (reader, draft) => draft.Locality = ReadLocality(reader),
        ["services"] = static (reader, draft) => ReadServices(reader, draft),
        ["capacity"] = static (reader, draft) => draft.Capacity = reader.ReadNumber("capacity", uint.MaxValue),
    });

    private static readonly ObjectSchema<TunnelDraft> TunnelSchema = new("an application tunnel", ["protocol"], new()
    {
        ["protocol"] = static (reader, draft) => draft.Protocol =
            reader.ReadChoice("protocol", ("NONE", ApplicationTunnelProtocol.None), ("PROXY", ApplicationTunnelProtocol.Proxy)),
        ["port"] = static (reader, draft) => draft.Port = reader.SkipNull() ? null : reader.ReadPort("port"),
    });

    private static readonly ObjectSchema<LocalityDraft> LocalitySchema = new("a locality", [], new()
    {
        ["region"] = static (reader, draft) => draft.Region = reader.ReadText("region"),
        ["zone"] = static (reader, draft) => draft.Zone = reader.ReadText("zone"),
        ["subzone"] = static (reader, draft) => draft.Subzone = reader.ReadText("subzone"),
    });

    public static WorkloadDraft? Read(YamlReader reader)
    {
        WorkloadDraft draft = new() { Start = reader.Position };
        return reader.ReadObject(Schema, draft) ? draft : null;
    }

    public static HealthStatus? ReadStatus(YamlReader reader) =>
        reader.ReadChoice("status", ("Healthy", HealthStatus.Healthy), ("Unhealthy", HealthStatus.Unhealthy));

    private static WorkloadType? ReadWorkloadType(YamlReader reader) =>
        reader.ReadChoice(
            "workloadType",
            ("deployment", WorkloadType.Deployment),
            ("cronjob", WorkloadType.CronJob),
            ("pod", WorkloadType.Pod),
            ("job", WorkloadType.Job));

    private static ApplicationTunnel? ReadTunnel(YamlReader reader)
    {
        if (reader.SkipNull())
        {
            return null;
        }

        TunnelDraft draft = new();
        return reader.ReadObject(TunnelSchema, draft) && draft.Protocol is { } protocol ? new ApplicationTunnel(protocol, draft.Port) : null;
    }

    private static Locality ReadLocality(YamlReader reader)
    {
        LocalityDraft draft = new();
        return reader.ReadObject(LocalitySchema, draft)
            ? new Locality(draft.Region ?? string.Empty, draft.Zone ?? string.Empty, draft.Subzone ?? string.Empty)
            : Locality.Unknown;
    }

    private static void ReadServices(YamlReader reader, WorkloadDraft draft)
    {
        reader.ReadMapping("services", (key, where) =>
        {
            if (MeshValues.ParseServiceKey(reader, where, key) is not { } service)
            {
                reader.Skip();
                return;
            }

            if (draft.Services.Exists(membership => membership.Service == service))
            {
                reader.Report(where, $"service {YamlReader.Quote(key)} occurs twice in a workload");
            }

            draft.Services.Add(new ServiceMembership(service, MeshValues.ReadPortMap(reader, "ports")));
        });
    }

    private sealed class TunnelDraft
    {
        public ApplicationTunnelProtocol? Protocol { get; set; }

        public ushort? Port { get; set; }
    }

    private sealed class LocalityDraft
    {
        public string? Region { get; set; }

        public string? Zone { get; set; }

        public string? Subzone { get; set; }
    }
}
