using System.Text.Json;
using System.Text.Json.Serialization;
using Ambient.Kube.Resources;

namespace Ambient.UnitTests.Kube;

/// <summary>A small kind of object.</summary>
internal sealed record Thing : IKubernetesObject
{
    public static ResourceType<Thing> Type { get; } = new("test.io", "v1", "things", "Thing", Namespaced: true, ThingJson.Default.Thing);

    public string ApiVersion { get; init => field = value ?? ""; } = "";

    public string Kind { get; init => field = value ?? ""; } = "";

    public ObjectMeta Metadata { get; init => field = value ?? new ObjectMeta(); } = new();

    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }

    /// <summary>A thing of namespace <c>ns</c> as the server writes it.</summary>
    public static string Text(string name, string version, string uid = "", string extra = "") =>
        $$$"""{"metadata":{"name":"{{{name}}}","namespace":"ns","uid":"{{{(uid.Length == 0 ? "uid-" + name : uid)}}}","resourceVersion":"{{{version}}}"}{{{extra}}}}""";

    public static string List(string version, params IEnumerable<string> items) =>
        $$"""{"kind":"ThingList","apiVersion":"test.io/v1","metadata":{"resourceVersion":"{{version}}"},"items":[{{string.Join(",", items)}}]}""";

    public static string Event(string type, string item) => $$"""{"type":"{{type}}","object":{{item}}}""" + "\n";
}
