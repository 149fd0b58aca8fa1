using System.Collections.Immutable;

namespace Ambient.Kube.Resources;

/// <summary>The answer of a token review.</summary>
public sealed record TokenReviewStatus
{
    public bool Authenticated { get; init; }

    public TokenReviewUser User { get; init => field = value ?? new TokenReviewUser(); } = new();

    /// <summary>The audiences asked for that the token is meant for.</summary>
    public ImmutableArray<string> Audiences { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Why the token could not be checked.</summary>
    public string Error { get; init => field = value ?? ""; } = "";
}
