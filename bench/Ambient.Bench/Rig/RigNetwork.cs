using System.Globalization;
using System.Net;

namespace Ambient.Bench.Rig;

/// <summary>
/// Two network namespaces joined by a veth pair: the client's side and the server's. Cubic is pinned in both, whatever the machine's default. A third,
/// with a loopback only, is what nodes have of their own: our ztunnels of both sides, which reach into the other two, and their control plane.
/// </summary>
internal sealed class RigNetwork : IAsyncDisposable
{
    public const string NamePrefix = "ambient-bench-";
    public const int LinkMtu = 1500;

    /// <summary>Where the programs of the server's node that need no address of their own listen.</summary>
    public static readonly IPAddress ServerAddress = IPAddress.Parse("10.201.0.2");

    private const string Link = "link0";
    private const string AllowedFile = "/proc/sys/net/ipv4/tcp_allowed_congestion_control";
    private const string Cubic = "cubic";

    private RigNetwork(int owner)
    {
        ClientNamespace = $"{NamePrefix}{owner}-client";
        ServerNamespace = $"{NamePrefix}{owner}-server";
        NodeNamespace = $"{NamePrefix}{owner}-nodes";
    }

    public string ClientNamespace { get; }

    public string ServerNamespace { get; }

    public string NodeNamespace { get; }

    public static string PathOf(string networkNamespace) => $"/run/netns/{networkNamespace}";

    public static async Task<RigNetwork> CreateAsync(int owner)
    {
        RigNetwork network = new(owner);
        await Command.RunAsync("ip", "netns", "add", network.ClientNamespace);
        await Command.RunAsync("ip", "netns", "add", network.ServerNamespace);
        await Command.RunAsync("ip", "netns", "add", network.NodeNamespace);
        await Command.RunAsync("ip", "-n", network.NodeNamespace, "link", "set", "lo", "up");
        await Command.RunAsync(
            "ip", "link", "add", Link, "netns", network.ClientNamespace, "mtu", LinkMtu.ToString(CultureInfo.InvariantCulture),
            "type", "veth", "peer", "name", Link, "netns", network.ServerNamespace);
        await network.PinCongestionControlAsync();
        await ConfigureAsync(network.ClientNamespace, "10.201.0.1/24");
        await ConfigureAsync(network.ServerNamespace, $"{ServerAddress}/24");
        return network;
    }

    /// <summary>A further address of one of the nodes, for a pod.</summary>
    public static Task AddAddressAsync(string networkNamespace, IPAddress address) =>
        Command.RunAsync("ip", "-n", networkNamespace, "addr", "replace", $"{address}/24", "dev", Link);

    public static async Task<string> CongestionControlAsync(string networkNamespace) =>
        (await Command.RunAsync("nsenter", $"--net={PathOf(networkNamespace)}", "cat", "/proc/sys/net/ipv4/tcp_congestion_control")).Trim();

    public async ValueTask DisposeAsync()
    {
        await Command.TryAsync("ip", "netns", "del", ClientNamespace);
        await Command.TryAsync("ip", "netns", "del", ServerNamespace);
        await Command.TryAsync("ip", "netns", "del", NodeNamespace);
    }

    private static async Task ConfigureAsync(string networkNamespace, string address)
    {
        await Command.RunAsync("ip", "-n", networkNamespace, "addr", "add", address, "dev", Link);
        await Command.RunAsync("ip", "-n", networkNamespace, "link", "set", "lo", "up");
        await Command.RunAsync("ip", "-n", networkNamespace, "link", "set", Link, "up");

        // Ephemeral ports clear of every listener of the rig; ports in TIME_WAIT are used again, or the connection workloads run dry.
        await SetAsync(networkNamespace, "net/ipv4/ip_local_port_range", "32768 65535");
        await SetAsync(networkNamespace, "net/ipv4/tcp_tw_reuse", "1");
    }

    /// <summary>
    /// A namespace may only choose among the algorithms that the machine allows, so cubic is allowed for the moment of the choice.
    /// </summary>
    private async Task PinCongestionControlAsync()
    {
        string allowed = (await File.ReadAllTextAsync(AllowedFile)).Trim();
        bool isAllowed = allowed.Split(' ').Contains(Cubic);
        if (!isAllowed)
        {
            await File.WriteAllTextAsync(AllowedFile, $"{allowed} {Cubic}");
        }

        try
        {
            await SetAsync(ClientNamespace, "net/ipv4/tcp_congestion_control", Cubic);
            await SetAsync(ServerNamespace, "net/ipv4/tcp_congestion_control", Cubic);
        }
        finally
        {
            if (!isAllowed)
            {
                await File.WriteAllTextAsync(AllowedFile, allowed);
            }
        }
    }

    private static Task<string> SetAsync(string networkNamespace, string name, string value) =>
        Command.RunAsync("nsenter", $"--net={PathOf(networkNamespace)}", "sh", "-c", $"echo '{value}' > /proc/sys/{name}");
}
