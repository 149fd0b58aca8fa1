using Ambient.Ztunnel.Configuration;

namespace Ambient.UnitTests.Ztunnel.Configuration;

public sealed class PodListTests
{
    private const string Two = """
        - uid: u1
          name: web-0
          namespace: shop
          serviceAccount: web
          netns: /run/netns/web-0
        - {uid: u2, name: db-0, namespace: shop, serviceAccount: db, netns: /proc/5/ns/net}
        """;

    [Fact]
    public void Reads_the_pods()
    {
        IReadOnlyList<PodEntry>? pods = PodList.Parse(Two, out string? error);

        Assert.Null(error);
        Assert.Equal(
            [
                new PodEntry("u1", new WorkloadInfo("web-0", "shop", "web"), "/run/netns/web-0"),
                new PodEntry("u2", new WorkloadInfo("db-0", "shop", "db"), "/proc/5/ns/net"),
            ],
            pods);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("[]")]
    public void Reads_an_empty_list(string text)
    {
        Assert.Empty(PodList.Parse(text, out string? error)!);
        Assert.Null(error);
    }

    [Theory]
    [InlineData("pods: []", "one list")]
    [InlineData("- web-0", "a pod has the keys")]
    [InlineData("- {uid: u}", "'name' is missing")]
    [InlineData("- {uid: u, name: n, namespace: s, serviceAccount: a, netns: ''}", "'netns' must be a text")]
    [InlineData("- {uid: u, name: n, namespace: s, serviceAccount: a, netns: p, extra: 1}", "unknown key 'extra'")]
    [InlineData("- {uid: u, name: [n]}", "'name' must be a text")]
    [InlineData("- {uid: u", "line 2")]
    [InlineData("--- []\n--- []", "more than one document")]
    public void Names_line_and_reason_of_an_error(string text, string reason)
    {
        Assert.Null(PodList.Parse(text, out string? error));
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_uid_listed_twice()
    {
        Assert.Null(PodList.Parse(Two.Replace("u2", "u1", StringComparison.Ordinal), out string? error));
        Assert.Equal("line 6: uid 'u1' is listed twice", error);
    }

    [Fact]
    public void Refuses_a_list_nested_deep_enough_to_exhaust_the_stack()
    {
        Assert.Null(PodList.Parse(new string('[', 200_000), out string? error));
        Assert.Contains("nested deeper", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Never_throws_on_mutated_lists()
    {
        Mutations.Of(Two, 3_000, text => Assert.True(PodList.Parse(text, out string? error) is not null ^ error is not null));
    }
}
