using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources.Security;

/// <summary>A further condition on an attribute of a request.</summary>
public sealed record AccessCondition
{
    public string Key { get; init => field = value ?? ""; } = "";

    public ImmutableArray<string> Values { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<string> NotValues { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Fields that are not named here, kept as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
