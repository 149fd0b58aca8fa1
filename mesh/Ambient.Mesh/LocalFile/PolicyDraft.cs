using System.Collections.Immutable;
using Ambient.Mesh.Policies;
using YamlDotNet.Core;

namespace Ambient.Mesh.LocalFile;

/// <summary>A policy while its keys are being read.</summary>
internal sealed class PolicyDraft
{
    public Mark Start { get; init; }

    public string? Name { get; set; }

    public string? Namespace { get; set; }

    public PolicyScope? Scope { get; set; }

    public PolicyAction? Action { get; set; }

    public ImmutableArray<PolicyRule> Rules { get; set; } = [];

    public bool DryRun { get; set; }

    public AuthorizationPolicy ToPolicy() => new()
    {
        Name = Name ?? string.Empty,
        Namespace = Namespace ?? string.Empty,
        Scope = Scope ?? PolicyScope.Global,
        Action = Action ?? PolicyAction.Deny,
        Rules = Rules,
        DryRun = DryRun,
    };
}
