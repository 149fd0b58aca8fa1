using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources.Security;

/// <summary>Sources, operations and conditions that must all hold. An empty rule matches everything.</summary>
public sealed record AccessRule
{
    public ImmutableArray<SourceClause> From { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<OperationClause> To { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<AccessCondition> When { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Fields that are not named here, kept as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
