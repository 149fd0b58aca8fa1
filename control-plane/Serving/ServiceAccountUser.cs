using System.Collections.Immutable;
using Ambient.ControlPlane.Xds;
using Ambient.Kube.Resources;

namespace Ambient.ControlPlane.Serving;

/// <summary>Reads whose token it is from the answer of a review (control-plane-and-cni 6.2). Pure.</summary>
public static class ServiceAccountUser
{
    private const string Group = "system:serviceaccounts";
    private const string PodName = "authentication.kubernetes.io/pod-name";
    private const string NodeName = "authentication.kubernetes.io/node-name";

    /// <summary>Longest name of a namespace or service account (RFC 1123 subdomain).</summary>
    private const int LongestName = 253;

    public static Verdict Read(TokenReviewStatus status)
    {
        if (!status.Authenticated)
        {
            return Verdict.Refuse(status.Error.Length > 0 ? $"the API server refused it: {status.Error}" : "the API server refused it");
        }

        if (!status.User.Groups.Contains(Group))
        {
            return Verdict.Refuse($"'{status.User.Username}' is not in group {Group}");
        }

        string[] parts = status.User.Username.Split(':');
        return parts is ["system", "serviceaccount", { Length: > 0 and <= LongestName } space, { Length: > 0 and <= LongestName } account]
            ? Verdict.Accept(new CallerIdentity(space, account, Extra(status.User, NodeName), Extra(status.User, PodName)))
            : Verdict.Refuse($"'{status.User.Username}' is not of the form system:serviceaccount:namespace:name");
    }

    private static string Extra(TokenReviewUser user, string key) =>
        user.Extra.TryGetValue(key, out ImmutableArray<string> values) && values.Length == 1 ? values[0] : string.Empty;
}
