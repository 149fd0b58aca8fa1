using System.Text.Json;
using System.Text.Json.Nodes;
using Ambient.ControlPlane.Translation;
using Ambient.ControlPlane.Translation.Services;
using Ambient.Kube.Resources;
using Ambient.Kube.Yaml;
using Ambient.Mesh.Addresses;
using Ambient.UnitTests.Layout;

namespace Ambient.UnitTests.ControlPlane.Translation;

/// <summary>A folder with objects and what they are translated to.</summary>
internal sealed record TranslationCase(string Folder)
{
    public static string Root { get; } = Path.Combine(RepositoryTree.Root, "tests", "testdata", "translation");

    public string ExpectedFile => Path.Combine(Folder, "expected.yaml");

    public IReadOnlyList<IKubernetesObject> Objects => [.. Documents.Select(Read)];

    public IReadOnlyList<ReadOnlyMemory<byte>> Documents =>
        [.. Directory.EnumerateFiles(Folder, "*.yaml").Where(file => Path.GetFileName(file) is not ("expected.yaml" or "options.yaml"))
            .Order(StringComparer.Ordinal).SelectMany(file => YamlDocuments.ToJson(File.ReadAllText(file)))];

    public TranslationOptions Options
    {
        get
        {
            string file = Path.Combine(Folder, "options.yaml");
            JsonNode? set = File.Exists(file) ? JsonNode.Parse(YamlDocuments.ToJson(File.ReadAllText(file))[0].Span) : null;
            TranslationOptions options = new();
            return options with
            {
                TrustDomain = (string?)set?["trustDomain"] ?? options.TrustDomain,
                DryRunPolicies = (bool?)set?["dryRunPolicies"] ?? options.DryRunPolicies,
                AllowWaypointImplicitly = (bool?)set?["allowWaypointImplicitly"] ?? options.AllowWaypointImplicitly,
                ServiceEntriesSelectPods = (bool?)set?["serviceEntriesSelectPods"] ?? options.ServiceEntriesSelectPods,
                AllocateAddresses = (bool?)set?["allocateAddresses"] ?? options.AllocateAddresses,
                IPv4Pool = Pool((string?)set?["ipv4Pool"]) ?? options.IPv4Pool,
                ServiceEntryVisibility = [.. (set?["serviceEntryVisibility"]?.AsArray() ?? []).Select(Visibility!)],
            };
        }
    }

    public static IKubernetesObject Read(ReadOnlyMemory<byte> json)
    {
        string kind = (string)JsonNode.Parse(json.Span)!["kind"]!;
        return kind switch
        {
            "Pod" => Read(json, KubernetesResources.Pods),
            "Service" => Read(json, KubernetesResources.Services),
            "EndpointSlice" => Read(json, KubernetesResources.EndpointSlices),
            "Node" => Read(json, KubernetesResources.Nodes),
            "Namespace" => Read(json, KubernetesResources.Namespaces),
            "ServiceEntry" => Read(json, KubernetesResources.ServiceEntries),
            "WorkloadEntry" => Read(json, KubernetesResources.WorkloadEntries),
            "Gateway" => Read(json, KubernetesResources.Gateways),
            "GatewayClass" => Read(json, KubernetesResources.GatewayClasses),
            "PeerAuthentication" => Read(json, KubernetesResources.PeerAuthentications),
            "AuthorizationPolicy" => Read(json, KubernetesResources.AuthorizationPolicies),
            _ => throw new InvalidDataException($"kind {kind}"),
        };
    }

    private static IpPrefix? Pool(string? text) => IpPrefix.TryParse(text, out IpPrefix pool) ? pool : null;

    private static VisibilityPolicy Visibility(JsonNode policy) => new(
        new LabelSelector { MatchLabels = [.. policy["namespaceLabels"]!.AsObject().Select(label => KeyValuePair.Create(label.Key, (string)label.Value!))] },
        Enum.Parse<EntryVisibility>((string)policy["visibility"]!));

    private static T Read<T>(ReadOnlyMemory<byte> json, ResourceType<T> type)
        where T : class, IKubernetesObject =>
        JsonSerializer.Deserialize(json.Span, type.TrimmedJson) ?? throw new InvalidDataException("null");
}
