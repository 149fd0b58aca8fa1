namespace Ambient.ApiServer.Tokens;

/// <summary>Whose token it is, and for what.</summary>
/// <param name="Namespace">Of the service account.</param>
/// <param name="ServiceAccount">Its name.</param>
/// <param name="Audience">For whom the token is, such as <c>istio-ca</c>.</param>
/// <param name="ExpiresAt">It is worthless from then on.</param>
public sealed record TokenOwner(string Namespace, string ServiceAccount, string Audience, DateTimeOffset ExpiresAt)
{
    /// <summary>The pod that it is bound to; "" for none, as the next two.</summary>
    public string PodName { get; init; } = "";

    public string PodUid { get; init; } = "";

    public string NodeName { get; init; } = "";
}
