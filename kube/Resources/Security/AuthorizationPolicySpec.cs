using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources.Security;

/// <summary>Who may reach what.</summary>
public sealed record AuthorizationPolicySpec
{
    public PolicySelector? Selector { get; init; }

    public PolicyTarget? TargetRef { get; init; }

    public ImmutableArray<PolicyTarget> TargetRefs { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<AccessRule> Rules { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary><c>ALLOW</c>, <c>DENY</c>, <c>AUDIT</c> or <c>CUSTOM</c>; empty means <c>ALLOW</c>.</summary>
    public string Action { get; init => field = value ?? ""; } = "";

    public ExtensionProvider? Provider { get; init; }

    /// <summary>Fields that are not named here, kept as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
