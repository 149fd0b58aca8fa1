using Ambient.Lab;
using Ambient.Lab.Plans;
using Ambient.Lab.Specs;

namespace Ambient.UnitTests.Lab;

public sealed class LabPlanTests
{
    private static readonly LabSpec Spec = DefaultLab.Build("demo");

    [Fact]
    public void Gives_each_pod_an_address_of_its_nodes_range()
    {
        LabPlan plan = LabPlan.Build(Spec, new LabSubnet(3));

        Assert.Equal("10.67.1.11", plan.Pod(DefaultLab.Curl).V4.ToString());
        Assert.Equal("fdab:1e:3:2::11", plan.Pod(DefaultLab.Web).V6.ToString());
        Assert.Equal("10.67.250.11", plan.ServiceAddress(Spec.Services[1], ipv6: false).ToString());
    }

    [Fact]
    public void No_two_labs_and_no_two_things_of_a_lab_share_an_address()
    {
        LabPlan[] plans = [.. Enumerable.Range(0, LabSubnet.MaxLabs).Select(number => LabPlan.Build(Spec, new LabSubnet(number)))];

        string[] addresses = [.. plans.SelectMany(Addresses)];

        Assert.Equal(addresses.Length, addresses.Distinct().Count());
    }

    [Fact]
    public void The_largest_lab_stays_within_its_ranges()
    {
        NodeSpec[] nodes = [.. Enumerable.Range(0, LabSubnet.MaxNodes).Select(node => new NodeSpec(
            $"node-{node}", [.. Enumerable.Range(0, LabSubnet.MaxPodsPerNode).Select(pod => new PodSpec($"pod-{node}-{pod}", "demo", "x"))]))];

        LabPlan plan = LabPlan.Build(new LabSpec("large", nodes, [], []), new LabSubnet(LabSubnet.MaxLabs - 1));

        string[] addresses = [.. Addresses(plan)];
        Assert.Equal(addresses.Length, addresses.Distinct().Count());
        Assert.Equal(LabSubnet.MaxNodes * (LabSubnet.MaxNodes - 1) / 2, plan.Links.Count);
        Assert.All(addresses.Where(address => !address.Contains(':')), address => Assert.StartsWith("10.191.", address, StringComparison.Ordinal));
    }

    [Fact]
    public void The_prefix_of_a_lab_is_no_prefix_of_another()
    {
        Assert.DoesNotContain(
            LabPlan.Build(DefaultLab.Build("demo-2"), new LabSubnet(0)).Namespaces, name => name.StartsWith(LabPlan.PrefixOf("demo"), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Upper")]
    [InlineData("with.dot")]
    [InlineData("with/slash")]
    [InlineData("-leading")]
    [InlineData("trailing-")]
    [InlineData("a-name-that-is-longer-than-thirty-characters")]
    public void Refuses_a_name_that_could_be_mistaken(string name) =>
        Assert.Throws<LabException>(() => LabPlan.Build(DefaultLab.Build(name), new LabSubnet(0)));

    [Fact]
    public void Refuses_what_is_there_twice_and_what_does_not_fit()
    {
        var pod = new PodSpec("a", "demo", "a");
        var service = new ServiceSpec("s", "demo", []);

        Assert.Contains("'a'", Refusal(new LabSpec("x", [new NodeSpec("n", [pod, pod])], [], [])), StringComparison.Ordinal);
        Assert.Contains("'n'", Refusal(new LabSpec("x", [new NodeSpec("n", []), new NodeSpec("n", [])], [], [])), StringComparison.Ordinal);
        Assert.Contains("s.demo.svc", Refusal(new LabSpec("x", [new NodeSpec("n", [])], [service, service], [])), StringComparison.Ordinal);
        Assert.Contains("strict", Refusal(new LabSpec("x", [new NodeSpec("n", [])], [], [PolicySpec.Strict, PolicySpec.Strict])), StringComparison.Ordinal);
        Assert.Contains("nodes", Refusal(new LabSpec("x", [], [], [])), StringComparison.Ordinal);
        Assert.Contains("thirteen-char", Refusal(new LabSpec("x", [new NodeSpec("thirteen-char", [])], [], [])), StringComparison.Ordinal);
    }

    private static string Refusal(LabSpec spec) => Assert.Throws<LabException>(() => LabPlan.Build(spec, new LabSubnet(0))).Message;

    private static IEnumerable<string> Addresses(LabPlan plan) =>
        plan.Nodes.SelectMany(node => new[] { node.GatewayV4, node.GatewayV6 })
            .Concat(plan.Pods.SelectMany(pod => new[] { pod.V4, pod.V6 }))
            .Concat(plan.Links.SelectMany(link => new[] { link.LeftV4, link.RightV4, link.LeftV6, link.RightV6 }))
            .Concat(plan.Spec.Services.SelectMany(service => new[] { plan.ServiceAddress(service, ipv6: false), plan.ServiceAddress(service, ipv6: true) }))
            .Select(address => address.ToString());
}
