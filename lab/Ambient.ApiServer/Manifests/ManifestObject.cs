using System.Text.Json.Nodes;
using Ambient.ApiServer.Storage;

namespace Ambient.ApiServer.Manifests;

/// <summary>One object of a file.</summary>
/// <param name="Place">File and line, <c>shop.yaml:12</c>.</param>
/// <param name="Value">As it stands there.</param>
internal sealed record ManifestObject(string Place, JsonObject Value)
{
    public string ApiVersion { get; } = Value.Text("apiVersion");

    public string Kind { get; } = Value.Text("kind");

    public string Name { get; } = Value.Metadata().Text("name");

    /// <summary>Where it lives if its kind has namespaces.</summary>
    public string Namespace { get; } = Value.Metadata().Text("namespace") is { Length: > 0 } said ? said : "default";

    /// <summary>"" for the core group.</summary>
    public string Group => ApiVersion.Contains('/', StringComparison.Ordinal) ? ApiVersion[..ApiVersion.IndexOf('/', StringComparison.Ordinal)] : string.Empty;

    public bool IsDefinition => this is { Kind: "CustomResourceDefinition", Group: "apiextensions.k8s.io" };

    public bool IsNamespace => this is { Kind: "Namespace", Group: "" };

    /// <summary>Which object it is: there can be only one in all files.</summary>
    public (string Group, string Kind, string Namespace, string Name) Identity => (Group, Kind, IsNamespace || IsDefinition ? string.Empty : Namespace, Name);

    public override string ToString() => $"{Kind} {Name} ({Place})";
}
