using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Ambient.ApiServer.Storage;

/// <summary>A kind of object that is served, and under which names.</summary>
/// <param name="Group">"" for the core group.</param>
/// <param name="Version">Such as <c>v1</c>.</param>
/// <param name="Plural">Such as <c>pods</c>.</param>
/// <param name="Singular">Such as <c>pod</c>.</param>
/// <param name="Kind">Such as <c>Pod</c>.</param>
/// <param name="ShortNames">Such as <c>po</c>.</param>
/// <param name="Namespaced">Whether its objects live in a namespace.</param>
/// <param name="HasStatus">Whether it has the subresource <c>status</c>, which alone changes <c>.status</c>.</param>
/// <param name="Schema">What its objects must look like (OpenAPI v3, structural); null: anything goes.</param>
public sealed record ServedKind(
    string Group,
    string Version,
    string Plural,
    string Singular,
    string Kind,
    ImmutableArray<string> ShortNames,
    bool Namespaced,
    bool HasStatus,
    JsonObject? Schema)
{
    /// <summary>Names the collection, whatever the version: <c>plural.group</c>.</summary>
    public string GroupResource => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary>Group and version as <c>apiVersion</c> says them.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>Under which of its versions the objects are stored; the others are names for the same objects.</summary>
    public string StoredVersion { get; init; } = Version;

    public bool IsStoredVersion => StoredVersion == Version;

    /// <summary>What <c>apiVersion</c> says of stored objects.</summary>
    public string StoredApiVersion => Group.Length == 0 ? StoredVersion : $"{Group}/{StoredVersion}";

    /// <summary>Columns of <c>kubectl get</c> beside the name and the age.</summary>
    public ImmutableArray<PrinterColumn> Columns { get; init; } = [];

    /// <summary>Names for several kinds at once, such as <c>all</c>.</summary>
    public ImmutableArray<string> Categories { get; init; } = [];

    /// <summary>Whether a definition brought it, so that it can go again.</summary>
    public bool IsCustom { get; init; }
}
