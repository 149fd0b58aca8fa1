using System.Text.Json.Serialization.Metadata;

namespace Ambient.Kube.Resources;

/// <summary>Where a kind of object is served and how it is read: one value for each kind, in <see cref="KubernetesResources"/>.</summary>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Version">The version of the group, such as <c>v1</c>.</param>
/// <param name="Plural">The name in the path, such as <c>pods</c>.</param>
/// <param name="Kind">The name in the object, such as <c>Pod</c>.</param>
/// <param name="Namespaced">Whether its objects live in a namespace.</param>
/// <param name="Json">How an object is read and written, source-generated. Fields that are not known are kept.</param>
public sealed record ResourceType<T>(string Group, string Version, string Plural, string Kind, bool Namespaced, JsonTypeInfo<T> Json)
    where T : class, IKubernetesObject
{
    /// <summary>
    /// How an object is read that is only looked at and never written back: unknown fields are skipped, strings that recur are shared.
    /// A store of many objects reads them so.
    /// </summary>
    public JsonTypeInfo<T> TrimmedJson { get => field ?? Json; init; }

    /// <summary>Group and version as <c>apiVersion</c> says them.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";
}
