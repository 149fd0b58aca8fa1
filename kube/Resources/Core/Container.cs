using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources.Core;

/// <summary>A container of a pod.</summary>
public sealed record Container
{
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary><c>Always</c> makes an init container a native sidecar.</summary>
    public string RestartPolicy { get; init => field = value ?? ""; } = "";

    public ImmutableArray<ContainerPort> Ports { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Fields that are not named here, kept as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
