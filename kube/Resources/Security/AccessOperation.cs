using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources.Security;

/// <summary>What a request does. All fields that are given must hold.</summary>
public sealed record AccessOperation
{
    public ImmutableArray<string> Hosts { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<string> NotHosts { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<string> Ports { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<string> NotPorts { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<string> Methods { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<string> NotMethods { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<string> Paths { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<string> NotPaths { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Fields that are not named here, kept as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
