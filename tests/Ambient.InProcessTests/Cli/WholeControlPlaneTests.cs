using Ambient.Cli;
using Ambient.ControlPlane;
using Ambient.InProcessTests.ControlPlane;
using Ambient.Kube.Resources;
using Ambient.Kube.Resources.Security;
using Ambient.Mesh.State;
using Ambient.Xds;

namespace Ambient.InProcessTests.Cli;

/// <summary>ambientctl against a whole control plane, with an API server behind it and a node proxy before it.</summary>
public sealed class WholeControlPlaneTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task What_is_applied_can_be_waited_for_listed_and_analyzed()
    {
        await using ControlPlaneRig rig = await ControlPlaneRig.StartAsync();
        ControlPlaneApp app = await rig.ServeAsync();
        (XdsClient client, MeshStore store, _) = rig.Connect(app.PlainAddress!);
        await client.Ready.WaitAsync(Patience);
        string pages = app.PageAddresses[0].ToString();

        await rig.Client.CreateAsync(
            KubernetesResources.AuthorizationPolicies,
            new AuthorizationPolicy
            {
                Metadata = new ObjectMeta { Namespace = "shop", Name = "only-get" },
                Spec = new AuthorizationPolicySpec { Rules = [new AccessRule { To = [new OperationClause { Operation = new AccessOperation { Methods = ["GET"] } }] }] },
            },
            CancellationToken.None);
        (int waited, string live) = await RunAsync("wait", "authorizationpolicies/only-get", "-n", "shop", "--timeout", "60", "--control-plane", pages);
        (int listed, string policies) = await RunAsync("policies", "shop/only-get", "--control-plane", pages);
        (int analyzed, string findings) = await RunAsync("analyze", "--control-plane", pages);
        (int shown, string proxies) = await RunAsync("proxy-status", "--control-plane", pages);

        Assert.Equal((0, 0, 1, 0), (waited, listed, analyzed, shown));
        Assert.Contains("AuthorizationPolicy shop/only-get is live on 1 of 1\n", live, StringComparison.Ordinal);
        Assert.Contains("shop/only-get", store.Current.Policies.Select(policy => policy.Key));
        Assert.Contains("only-get", policies, StringComparison.Ordinal);
        Assert.Contains("Error [UnsupportedValue] (AuthorizationPolicy shop/only-get) ", findings, StringComparison.Ordinal);
        Assert.Contains("ztunnel-1.istio-system", proxies, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        using StringWriter output = new() { NewLine = "\n" };
        int code = await AmbientctlApp.RunAsync(arguments, new CommandConsole(TextReader.Null, output, TextWriter.Null), TimeProvider.System);
        return (code, output.ToString());
    }
}
