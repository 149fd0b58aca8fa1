using Ambient.Lab;
using Ambient.Lab.Benchmarking;
using Ambient.Lab.Plans;
using Ambient.Lab.Specs;
using Ambient.Lab.State;

namespace Ambient.UnitTests.Lab;

public sealed class BenchTargetTests
{
    private static readonly LabState State = LabRecords.Build(LabPlan.Build(DefaultLab.Build("bench"), new LabSubnet(0)));

    [Theory]
    [InlineData("web:8080", "10.64.2.11:8080", DefaultLab.Web)]
    [InlineData("demo/web:8080", "10.64.2.11:8080", DefaultLab.Web)]
    [InlineData("10.64.2.12:9000", "10.64.2.12:9000", DefaultLab.Echo)]
    [InlineData("[fdab:1e:0:2::11]:8080", "[fdab:1e:0:2::11]:8080", DefaultLab.Web)]
    [InlineData("192.0.2.1:80", "192.0.2.1:80", null)]
    public void Finds_the_endpoint_and_the_pod_that_has_it(string text, string endPoint, string? pod)
    {
        BenchTarget target = BenchTarget.Resolve(State, text);

        Assert.Equal((endPoint, pod), ($"{target.EndPoint}", target.Pod?.Name));
    }

    [Theory]
    [InlineData("web")]
    [InlineData(":80")]
    [InlineData("web:")]
    [InlineData("web:0")]
    [InlineData("web:65536")]
    [InlineData("web:-1")]
    [InlineData("")]
    public void Refuses_what_is_not_host_and_port(string text) =>
        Assert.Contains("is not HOST:PORT", Assert.Throws<LabException>(() => BenchTarget.Resolve(State, text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("web.demo.svc.cluster.local:80")]
    [InlineData("10.64.250.10:80")]
    public void Refuses_a_service_and_names_the_pods(string text)
    {
        LabException refusal = Assert.Throws<LabException>(() => BenchTarget.Resolve(State, text));

        Assert.Contains("only the mesh knows", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("web (10.64.2.11)", refusal.NextStep, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nowhere:80")]
    [InlineData("fdab:1e:0:2::11:8080")]
    public void Refuses_an_unknown_host_and_names_the_pods(string text) =>
        Assert.Contains("legacy-web", Assert.Throws<LabException>(() => BenchTarget.Resolve(State, text)).NextStep, StringComparison.Ordinal);
}
