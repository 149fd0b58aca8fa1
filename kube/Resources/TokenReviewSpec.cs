using System.Collections.Immutable;

namespace Ambient.Kube.Resources;

/// <summary>The question of a token review.</summary>
public sealed record TokenReviewSpec
{
    public string Token { get; init => field = value ?? ""; } = "";

    /// <summary>The token must be meant for one of these; empty means for the API server itself.</summary>
    public ImmutableArray<string> Audiences { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Without the token, which must not reach a log.</summary>
    public override string ToString() => $"{nameof(TokenReviewSpec)} {{ Audiences = {string.Join(", ", Audiences)} }}";
}
