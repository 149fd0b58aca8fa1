using System.Text.Json.Nodes;

namespace Ambient.Kube.Client;

/// <summary>A change to an object that need not be read first.</summary>
public sealed class KubernetesPatch
{
    private KubernetesPatch(string contentType, JsonNode content)
    {
        ContentType = contentType;
        Content = content;
    }

    internal string ContentType { get; }

    internal JsonNode Content { get; }

    /// <summary>A JSON merge patch (RFC 7396): what is null is removed, lists are replaced whole.</summary>
    public static KubernetesPatch Merge(JsonObject patch) => new("application/merge-patch+json", patch);

    /// <summary>A JSON patch (RFC 6902): operations on paths, all or none.</summary>
    public static KubernetesPatch Operations(JsonArray operations) => new("application/json-patch+json", operations);

    /// <summary>Server-side apply: the fields that a manager wants to own.</summary>
    internal static KubernetesPatch Apply(JsonObject configuration) => new("application/apply-patch+yaml", configuration);
}
