using Ambient.Mesh.Workloads;

namespace Ambient.Mesh.Telemetry;

/// <summary>What a peer says about a workload in a <c>baggage</c> header (node-proxy 1.3.3). Telemetry only: nothing may be authorised by it.</summary>
public sealed record Baggage
{
    public const string HeaderName = "baggage";

    private const string ClusterKey = "k8s.cluster.name";
    private const string NamespaceKey = "k8s.namespace.name";
    private const string ServiceNameKey = "service.name";
    private const string ServiceVersionKey = "service.version";
    private const string RegionKey = "cloud.region";
    private const string ZoneKey = "cloud.availability_zone";

    public static Baggage None { get; } = new();

    public string? ClusterId { get; init; }

    public string? Namespace { get; init; }

    public string? WorkloadName { get; init; }

    /// <summary>Null exactly when <see cref="WorkloadName"/> is.</summary>
    public WorkloadType? WorkloadType { get; init; }

    public string? ServiceName { get; init; }

    public string? ServiceVersion { get; init; }

    public string? Region { get; init; }

    public string? Zone { get; init; }

    public static Baggage Of(Workload workload) => new()
    {
        ClusterId = Present(workload.ClusterId),
        Namespace = Present(workload.Namespace),
        WorkloadName = Present(workload.WorkloadName),
        WorkloadType = Present(workload.WorkloadName) is null ? null : workload.WorkloadType,
        ServiceName = Present(workload.CanonicalName),
        ServiceVersion = Present(workload.CanonicalRevision),
        Region = Present(workload.Locality.Region),
        Zone = Present(workload.Locality.Zone),
    };

    /// <summary>Reads every instance of the header; nothing is trimmed, unknown keys are ignored, the last occurrence of a key wins.</summary>
    public static Baggage Parse(IEnumerable<string> headerValues)
    {
        Baggage baggage = None;
        foreach (string value in headerValues)
        {
            foreach (Range member in value.AsSpan().Split(','))
            {
                baggage = baggage.WithMember(value.AsSpan(member));
            }
        }

        return baggage;
    }

    /// <summary>
    /// The header value; members without a value are left out, and so are values that would break the header (a comma, an equals sign,
    /// anything but visible ASCII), because the format has no escape.
    /// </summary>
    public override string ToString()
    {
        List<string> members = new(7);
        Append(members, ClusterKey, ClusterId);
        Append(members, NamespaceKey, Namespace);
        Append(members, $"k8s.{WorkloadTypeNames.NameOf(WorkloadType.GetValueOrDefault())}.name", WorkloadName);
        Append(members, ServiceNameKey, ServiceName);
        Append(members, ServiceVersionKey, ServiceVersion);
        Append(members, RegionKey, Region);
        Append(members, ZoneKey, Zone);
        return string.Join(',', members);
    }

    private Baggage WithMember(ReadOnlySpan<char> member)
    {
        int equals = member.IndexOf('=');
        if (equals < 0)
        {
            return this;
        }

        ReadOnlySpan<char> key = member[..equals];
        ReadOnlySpan<char> rest = member[(equals + 1)..];
        int secondEquals = rest.IndexOf('=');
        string? value = Present(secondEquals < 0 ? rest.ToString() : rest[..secondEquals].ToString());
        return key switch
        {
            ClusterKey => this with { ClusterId = value },
            NamespaceKey => this with { Namespace = value },
            ServiceNameKey => this with { ServiceName = value },
            ServiceVersionKey => this with { ServiceVersion = value },
            RegionKey => this with { Region = value },
            ZoneKey => this with { Zone = value },
            ['k', '8', 's', '.', .. var type, '.', 'n', 'a', 'm', 'e'] when WorkloadTypeNames.TryParse(type, out WorkloadType parsed) =>
                this with { WorkloadName = value, WorkloadType = value is null ? null : parsed },
            _ => this,
        };
    }

    private static string? Present(string value) => value.Length == 0 ? null : value;

    private static void Append(List<string> members, string key, string? value)
    {
        if (value is not null && !value.AsSpan().ContainsAnyExceptInRange('!', '~') && !value.AsSpan().ContainsAny(',', '='))
        {
            members.Add($"{key}={value}");
        }
    }
}
