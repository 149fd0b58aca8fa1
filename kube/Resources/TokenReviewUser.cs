using System.Collections.Immutable;

namespace Ambient.Kube.Resources;

/// <summary>Whose token it is.</summary>
public sealed record TokenReviewUser
{
    /// <summary>Such as <c>system:serviceaccount:default:web</c>.</summary>
    public string Username { get; init => field = value ?? ""; } = "";

    public string Uid { get; init => field = value ?? ""; } = "";

    public ImmutableArray<string> Groups { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Such as <c>authentication.kubernetes.io/pod-name</c>.</summary>
    public ImmutableDictionary<string, ImmutableArray<string>> Extra { get; init => field = value ?? ImmutableDictionary<string, ImmutableArray<string>>.Empty; } =
        ImmutableDictionary<string, ImmutableArray<string>>.Empty;
}
