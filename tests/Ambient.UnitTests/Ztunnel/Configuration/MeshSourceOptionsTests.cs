using Ambient.Ztunnel.Configuration;

namespace Ambient.UnitTests.Ztunnel.Configuration;

/// <summary>How the control plane is asked (node-proxy 3.3).</summary>
public sealed class MeshSourceOptionsTests
{
    [Theory]
    [InlineData("false", "true", null)]
    [InlineData("true", "false", null)]
    [InlineData("true", "true", "DNS proxy does not currently support on-demand mode")]
    public void Asking_on_demand_excludes_the_DNS_proxy(string onDemand, string capture, string? error)
    {
        OptionsResult result = Given.Read(("XDS_ON_DEMAND", onDemand), ("ISTIO_META_DNS_CAPTURE", capture));

        Assert.Equal(error is null, result.Errors.Count == 0);
        Assert.Contains(error ?? "", string.Join('\n', result.Errors));
        Assert.Equal(error is null && onDemand == "true", result.Options?.Mesh.OnDemand ?? false);
    }
}
