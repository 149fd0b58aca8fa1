using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources.Security;

/// <summary>Who decides for a custom action.</summary>
public sealed record ExtensionProvider
{
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>Fields that are not named here, kept as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
