using System.Net;
using System.Text;
using Ambient.Bench.Systems;
using Ambient.Mesh.LocalFile;

namespace Ambient.UnitTests.Bench;

public sealed class MeshFileTests
{
    [Fact]
    public void The_mesh_of_the_benchmark_is_one_that_ztunnel_accepts()
    {
        string text = MeshFile.Write(IPAddress.Parse("10.201.0.101"), IPAddress.Parse("10.201.0.11"));

        LocalFileResult result = LocalFileParser.Parse(Encoding.UTF8.GetBytes(text));

        Assert.Empty(result.Errors);
    }

    [Fact]
    public void A_hundred_rules_are_evaluated_and_only_the_last_lets_the_client_in()
    {
        string text = MeshFile.Write(IPAddress.Parse("10.201.0.101"), IPAddress.Parse("10.201.0.11"));
        string[] rules = [.. text.Split('\n').Where(line => line.Contains("principals", StringComparison.Ordinal))];

        Assert.Equal(100, rules.Length);
        Assert.Contains("/sa/client ", rules[^1], StringComparison.Ordinal);
        Assert.DoesNotContain(rules[..^1], rule => rule.Contains("/sa/client ", StringComparison.Ordinal));
    }
}
