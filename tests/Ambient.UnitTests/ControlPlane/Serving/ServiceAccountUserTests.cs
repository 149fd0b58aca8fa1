using System.Collections.Immutable;
using Ambient.ControlPlane.Serving;
using Ambient.ControlPlane.Xds;
using Ambient.Kube.Resources;
using Ambient.Testing;

namespace Ambient.UnitTests.ControlPlane.Serving;

public sealed class ServiceAccountUserTests
{
    private const string Good = "system:serviceaccount:istio-system:ztunnel";
    private const string Group = "system:serviceaccounts";

    [Fact]
    public void A_bound_token_tells_account_pod_and_node() =>
        Assert.Equal(
            new CallerIdentity("istio-system", "ztunnel", "node-1", "ztunnel-abc"),
            ServiceAccountUser.Read(Status(Good, Group, ("pod-name", ["ztunnel-abc"]), ("node-name", ["node-1"]))).Caller);

    [Fact]
    public void A_token_that_is_bound_to_nothing_tells_the_account_alone() =>
        Assert.Equal(new CallerIdentity("istio-system", "ztunnel", "", ""), ServiceAccountUser.Read(Status(Good, Group)).Caller);

    [Fact]
    public void A_pod_that_is_said_twice_is_not_believed() =>
        Assert.Equal("", ServiceAccountUser.Read(Status(Good, Group, ("pod-name", ["a", "b"]))).Caller!.PodName);

    [Theory]
    [InlineData("system:serviceaccount:istio-system")]
    [InlineData("system:serviceaccount:istio-system:ztunnel:more")]
    [InlineData("system:serviceaccount::ztunnel")]
    [InlineData("system:serviceaccount:istio-system:")]
    [InlineData("system:node:node-1:x")]
    [InlineData("System:serviceaccount:istio-system:ztunnel")]
    [InlineData("")]
    public void A_user_that_is_no_service_account_is_refused(string username)
    {
        Verdict verdict = ServiceAccountUser.Read(Status(username, Group));

        Assert.Null(verdict.Caller);
        Assert.Contains("system:serviceaccount:namespace:name", verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_user_outside_the_group_of_service_accounts_is_refused() =>
        Assert.Contains(Group, ServiceAccountUser.Read(Status(Good, "system:authenticated")).Reason, StringComparison.Ordinal);

    [Fact]
    public void What_the_API_server_refuses_is_refused_with_its_reason() =>
        Assert.Contains(
            "expired", ServiceAccountUser.Read(new TokenReviewStatus { Authenticated = false, Error = "expired" }).Reason, StringComparison.Ordinal);

    [Fact]
    public void Of_mutated_names_only_those_of_four_full_parts_are_accepted()
    {
        Random random = new(20260301);
        for (int round = 0; round < FuzzRounds.Scale(5_000); round++)
        {
            char[] name = Good.ToCharArray();
            for (int change = 0; change <= random.Next(3); change++)
            {
                name[random.Next(name.Length)] = (char)random.Next(32, 127);
            }

            string mutated = new(name);
            string[] parts = mutated.Split(':');
            bool isGood = parts.Length == 4 && parts[0] == "system" && parts[1] == "serviceaccount" && parts[2].Length > 0 && parts[3].Length > 0;
            CallerIdentity? expected = isGood ? new CallerIdentity(parts[2], parts[3], "", "") : null;
            Assert.Equal(expected, ServiceAccountUser.Read(Status(mutated, Group)).Caller);
        }
    }

    private static TokenReviewStatus Status(string username, string group, params (string Key, string[] Values)[] extra) => new()
    {
        Authenticated = true,
        User = new TokenReviewUser
        {
            Username = username,
            Groups = [group],
            Extra = extra.ToImmutableDictionary(pair => "authentication.kubernetes.io/" + pair.Key, pair => pair.Values.ToImmutableArray()),
        },
    };
}
