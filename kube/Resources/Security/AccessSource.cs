using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources.Security;

/// <summary>Where a request comes from. All fields that are given must hold.</summary>
public sealed record AccessSource
{
    public ImmutableArray<string> Principals { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<string> NotPrincipals { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<string> RequestPrincipals { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<string> NotRequestPrincipals { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<string> Namespaces { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<string> NotNamespaces { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<string> ServiceAccounts { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<string> NotServiceAccounts { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<string> IpBlocks { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<string> NotIpBlocks { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<string> RemoteIpBlocks { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<string> NotRemoteIpBlocks { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Fields that are not named here, kept as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
