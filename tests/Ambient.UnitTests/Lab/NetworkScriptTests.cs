using Ambient.Lab.Network;
using Ambient.Lab.Plans;
using Ambient.Lab.Specs;
using Ambient.UnitTests.Redirection;

namespace Ambient.UnitTests.Lab;

public sealed class NetworkScriptTests
{
    private static readonly LabPlan Plan = LabPlan.Build(DefaultLab.Build("demo"), new LabSubnet(0));

    [Fact]
    public void The_default_lab() => GoldenText.Verify(
        "lab/network.txt",
        string.Concat(
            NetworkScript.AddNamespaces(Plan.Namespaces),
            string.Concat(Plan.Nodes.Select(node => $"\n# in {node.Namespace}\n{NetworkScript.ForNode(Plan, node)}")),
            string.Concat(Plan.Pods.Select(pod => $"\n# in {pod.Namespace}\n{NetworkScript.ForPod(pod)}")),
            string.Concat(Plan.Nodes.Select(node => $"\n# in {node.Namespace}\n{NetworkScript.ForLinks(Plan, node)}"))));

    [Theory]
    [InlineData("reno bbr\n", "reno")]
    [InlineData("reno cubic\n", "cubic")]
    [InlineData("", "reno")]
    [InlineData("cubic-like", "reno")]
    public void Congestion_control_is_cubic_where_namespaces_may_choose_it(string allowed, string expected) =>
        Assert.Equal(expected, CongestionControl.Choose(allowed));
}
