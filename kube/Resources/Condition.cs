using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources;

/// <summary>One line of an object's status: whether something holds, and why.</summary>
public sealed record Condition
{
    /// <summary>Such as <c>Ready</c>.</summary>
    public string Type { get; init => field = value ?? ""; } = "";

    /// <summary><c>True</c>, <c>False</c> or <c>Unknown</c>.</summary>
    public string Status { get; init => field = value ?? ""; } = "";

    /// <summary>One word for a program.</summary>
    public string Reason { get; init => field = value ?? ""; } = "";

    /// <summary>A sentence for a person.</summary>
    public string Message { get; init => field = value ?? ""; } = "";

    /// <summary>The generation of the object that this was said of; 0 when unknown.</summary>
    public long ObservedGeneration { get; init; }

    public DateTimeOffset? LastTransitionTime { get; init; }

    /// <summary>Fields that are not named here, kept as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
