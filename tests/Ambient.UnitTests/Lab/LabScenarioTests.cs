using Ambient.Lab;
using Ambient.Lab.Mesh;
using Ambient.Lab.Network;
using Ambient.Lab.Plans;
using Ambient.Lab.Specs;
using Ambient.Lab.Workloads;
using Ambient.Mesh.LocalFile;

namespace Ambient.UnitTests.Lab;

/// <summary>The ready-made labs, before anything of them exists.</summary>
public sealed class LabScenarioTests
{
    [Theory]
    [InlineData(LabScenario.Default, "")]
    [InlineData(LabScenario.Waypoint, "")]
    [InlineData(LabScenario.TwoNetworks, TwoNetworksLab.Near)]
    [InlineData(LabScenario.TwoNetworks, TwoNetworksLab.Far)]
    public void Ztunnel_accepts_the_mesh_file_of_each_network(LabScenario scenario, string network)
    {
        LabPlan plan = PlanOf(scenario);

        Assert.Equal(scenario, plan.Spec.Scenario);
        Assert.Empty(LocalFileParser.Parse(MeshDocument.Render(plan, MeshPolicies.None, network), DefaultLab.NodeA).Errors);
    }

    [Fact]
    public void Of_another_network_only_the_gateway_and_the_services_are_known()
    {
        LabPlan plan = PlanOf(LabScenario.TwoNetworks);

        string near = MeshDocument.Render(plan, MeshPolicies.None, TwoNetworksLab.Near);
        string far = MeshDocument.Render(plan, MeshPolicies.None, TwoNetworksLab.Far);

        Assert.DoesNotContain($"\"{plan.Pod(DefaultLab.Web).V4}\"", near, StringComparison.Ordinal);
        Assert.DoesNotContain($"\"{plan.Pod(DefaultLab.Curl).V4}\"", far, StringComparison.Ordinal);
        Assert.Contains($"networkGateway: {{ destination: \"far/{plan.Pod(TwoNetworksLab.Gateway).V4}\", hboneMtlsPort: 15008 }}", near, StringComparison.Ordinal);
        Assert.Contains("subjectAltNames: [\"spiffe://cluster.local/ns/demo/sa/web\"]", near, StringComparison.Ordinal);
        Assert.DoesNotContain("networkGateway", far, StringComparison.Ordinal);
    }

    [Fact]
    public void Between_networks_there_are_routes_to_gateways_and_back_from_them_only()
    {
        LabPlan plan = PlanOf(LabScenario.TwoNetworks);
        (NodePlan near, NodePlan far) = (plan.Node(DefaultLab.NodeA), plan.Node(DefaultLab.NodeB));

        string[] routes = [.. NetworkScript.ForLinks(plan, near).Split('\n').Where(line => line.StartsWith("route", StringComparison.Ordinal) && !line.Contains(" table ", StringComparison.Ordinal))];

        Assert.Equal(["10.64.2.14 via 10.64.254.2", "fdab:1e:0:2::14 via fdab:1e:0:254::2"], routes.Select(line => line["route add ".Length..]));
        Assert.DoesNotContain(NetworkScript.ForLinks(plan, far).Split('\n'), line => line.StartsWith("route", StringComparison.Ordinal) && !line.Contains(" table ", StringComparison.Ordinal));
        Assert.Equal("rule add from 10.64.2.14 lookup 200\n", NetworkScript.ForGateways(plan, far, ipv6: false));
        Assert.Empty(NetworkScript.ForGateways(plan, near, ipv6: true));
    }

    [Fact]
    public void The_waypoint_chooses_a_pod_for_a_service_whose_address_would_lead_back_to_it()
    {
        LabPlan plan = PlanOf(LabScenario.Waypoint);

        string configuration = ((HaproxyWorkload)plan.Pod(WaypointLab.Waypoint).Spec.Workload!).RenderConfiguration(plan);

        Assert.Contains("use_backend web.demo.svc.cluster.local:80 if { dst 10.64.250.10 fdab:1e:0:250::10 } { dst_port 80 }", configuration, StringComparison.Ordinal);
        Assert.Contains("server web 10.64.2.11:8080", configuration, StringComparison.Ordinal);
        Assert.Contains("server origin 0.0.0.0:0", configuration, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_waypoint_that_is_no_pod_and_a_gateway_that_is_enrolled()
    {
        LabSpec lab = DefaultLab.Build("demo");

        Assert.Contains("'nowhere'", Refusal(lab.WithPods(pod => pod with { Waypoint = "nowhere" })), StringComparison.Ordinal);
        Assert.Contains("'gateway' is enrolled", Refusal(TwoNetworksLab.Build("demo").WithPods(pod => pod with { Enrolled = true })), StringComparison.Ordinal);
        Assert.Contains("network name 'Upper'", Refusal(lab with { Nodes = [.. lab.Nodes.Select(node => node with { Network = "Upper" })] }), StringComparison.Ordinal);
    }

    private static LabPlan PlanOf(LabScenario scenario) => LabPlan.Build(LabSpec.Of(scenario, "demo"), new LabSubnet(0));

    private static string Refusal(LabSpec spec) => Assert.Throws<LabException>(() => LabPlan.Build(spec, new LabSubnet(0))).Message;
}
