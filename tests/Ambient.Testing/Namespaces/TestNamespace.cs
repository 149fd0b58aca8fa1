using System.Diagnostics;

namespace Ambient.Testing.Namespaces;

/// <summary>
/// A network namespace of one test, named after the process so that two runs never meet. Disposing kills what was started in
/// it and deletes it; links to other namespaces go with it.
/// </summary>
public sealed class TestNamespace : IAsyncDisposable
{
    private static int _lastNumber;

    private readonly List<Process> _processes = [];
    private int _lastLink;

    private TestNamespace(string name)
    {
        Name = name;
    }

    /// <summary>As known to <c>ip netns</c>.</summary>
    public string Name { get; }

    public string Path => $"/run/netns/{Name}";

    /// <summary>With loopback up.</summary>
    public static async Task<TestNamespace> CreateAsync()
    {
        int number = Interlocked.Increment(ref _lastNumber);
        var created = new TestNamespace($"ambt-{Environment.ProcessId}-{number}");
        await Command.RunAsync("ip", "netns", "add", created.Name);
        try
        {
            await created.IpAsync("link", "set", "lo", "up");
            return created;
        }
        catch
        {
            await created.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Joins this namespace to another with a veth pair, both ends up. Addresses carry their prefix length, such as
    /// <c>10.1.0.1/24</c> or <c>fd00:1::1/64</c>; IPv6 ones are usable at once.
    /// </summary>
    /// <returns>The device's name in either namespace.</returns>
    public async Task<string> ConnectAsync(TestNamespace other, IEnumerable<string> ownAddresses, IEnumerable<string> otherAddresses)
    {
        int number = Interlocked.Increment(ref _lastNumber);
        string device = $"veth{++_lastLink}n{number}";
        await Command.RunAsync(
            "ip", "link", "add", device, "netns", Name, "type", "veth", "peer", "name", device, "netns", other.Name);
        await BringUpAsync(device, ownAddresses);
        await other.BringUpAsync(device, otherAddresses);
        return device;
    }

    /// <summary><c>ip</c> inside the namespace.</summary>
    public Task<string> IpAsync(params string[] arguments) => Command.RunAsync("ip", ["-n", Name, .. arguments]);

    /// <summary>Runs a program inside to its end.</summary>
    public Task<CommandResult> TryRunAsync(string program, params string[] arguments) =>
        Command.TryRunAsync("ip", ["netns", "exec", Name, program, .. arguments]);

    /// <summary>As <see cref="TryRunAsync"/>; an exit code other than 0 throws.</summary>
    public Task<string> RunAsync(string program, params string[] arguments) =>
        Command.RunAsync("ip", ["netns", "exec", Name, program, .. arguments]);

    /// <summary>Starts a program inside; it is killed with the namespace.</summary>
    public Process Start(string program, params string[] arguments)
    {
        Process process = Command.Start("ip", ["netns", "exec", Name, program, .. arguments]);
        _processes.Add(process);
        return process;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Process process in _processes)
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync();
            }

            process.Dispose();
        }

        _processes.Clear();
        await Command.RunAsync("ip", "netns", "del", Name);
    }

    private async Task BringUpAsync(string device, IEnumerable<string> addresses)
    {
        await IpAsync("link", "set", device, "up");
        foreach (string address in addresses)
        {
            // Duplicate address detection would keep an IPv6 address unusable for a second or two.
            string[] noDetection = address.Contains(':') ? ["nodad"] : [];
            await IpAsync(["addr", "add", address, "dev", device, .. noDetection]);
        }
    }
}
