using Ambient.Lab;
using Ambient.Lab.Specs;
using Ambient.NetnsTests.Lab;
using Ambient.Testing;
using Ambient.Testing.Lab;
using Ambient.Testing.Namespaces;

namespace Ambient.NetnsTests.Dns;

/// <summary>
/// A real pod with the resolver of its C library, whose resolv.conf names servers that do not exist: redirection and ztunnel answer
/// (node-proxy 7, 8).
/// </summary>
[Collection(TimedCollection.Name)]
public sealed class PodResolverTests
{
    private const string SearchDomains = "search demo.svc.cluster.local svc.cluster.local cluster.local\noptions ndots:5 timeout:3 attempts:1";

    [RootFact]
    public async Task The_c_librarys_resolver_finds_services_over_both_families_and_protocols()
    {
        await using var folder = new LabFolder();
        string name = folder.NewName();
        RunningLab lab = await new LabBuilder(folder.Options with { WithMesh = true }).BuildAsync(DefaultLab.Build(name), CancellationToken.None);
        ServiceSpec web = lab.Plan.Spec.Services.Single(service => service.Name == DefaultLab.Web);
        (string v4, string v6) = (lab.Plan.ServiceAddress(web, ipv6: false).ToString(), lab.Plan.ServiceAddress(web, ipv6: true).ToString());

        Assert.StartsWith($"{v4} ", await GetentAsync(lab, folder, "nameserver 10.96.0.10", "ahostsv4", "web"), StringComparison.Ordinal);
        Assert.StartsWith($"{v6} ", await GetentAsync(lab, folder, "nameserver 10.96.0.10", "ahostsv6", "web.demo"), StringComparison.Ordinal);
        Assert.StartsWith($"{v4} ", await GetentAsync(lab, folder, "nameserver fd00:96::a", "ahostsv4", "web.demo.svc"), StringComparison.Ordinal);
        Assert.StartsWith($"{v4} ", await GetentAsync(lab, folder, "nameserver 10.96.0.10\noptions use-vc", "ahostsv4", "web.demo.svc.cluster.local"), StringComparison.Ordinal);
        Assert.StartsWith($"{v6} ", await GetentAsync(lab, folder, "nameserver fd00:96::a\noptions use-vc", "ahostsv6", "web"), StringComparison.Ordinal);
    }

    /// <summary>In the pod's network namespace, with a resolv.conf of its own mounted over the machine's.</summary>
    private static Task<string> GetentAsync(RunningLab lab, LabFolder folder, string servers, string database, string host)
    {
        string resolvConf = Path.Combine(folder.Root, "resolv.conf");
        File.WriteAllText(resolvConf, $"{servers}\n{SearchDomains}\n");
        return Command.RunAsync(
            "nsenter", $"--net={lab.Plan.Pod(DefaultLab.Curl).NamespacePath}",
            "unshare", "--mount", "sh", "-c", "mount --bind \"$1\" /etc/resolv.conf && exec getent \"$2\" \"$3\"", "sh", resolvConf, database, host);
    }
}
