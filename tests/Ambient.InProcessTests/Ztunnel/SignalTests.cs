using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Ambient.Testing.Certs;
using Ambient.Testing.Namespaces;

namespace Ambient.InProcessTests.Ztunnel;

/// <summary>The program under signals (node-proxy 10.1).</summary>
public sealed class SignalTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly List<Process> _processes = [];

    /// <summary>Whatever a failed test left running.</summary>
    public void Dispose()
    {
        foreach (Process process in _processes)
        {
            if (!process.HasExited)
            {
                process.Kill();
            }

            process.Dispose();
        }
    }

    [Theory]
    [InlineData("TERM", 1)]
    [InlineData("INT", 2)]
    public async Task A_first_signal_ends_it_with_zero_once_connections_have_ended(string signal, int host)
    {
        using TemporaryDirectory directory = new();
        IPAddress address = IPAddress.Parse($"127.84.0.{host}");
        Process process = Start(directory, address);
        await WaitForAsync(process, "listener established", "readiness");
        Socket open = await HoldAsync(process, address);

        await Command.RunAsync("kill", $"-{signal}", $"{process.Id}");
        await WaitForAsync(process, "draining");
        Assert.False(process.HasExited);
        open.Dispose();

        Assert.Equal(0, await ExitCodeAsync(process));
    }

    [Fact]
    public async Task A_second_interrupt_ends_it_at_once()
    {
        using TemporaryDirectory directory = new();
        IPAddress address = IPAddress.Parse("127.84.0.3");
        Process process = Start(directory, address);
        await WaitForAsync(process, "listener established", "readiness");
        using Socket open = await HoldAsync(process, address);

        await Command.RunAsync("kill", "-INT", $"{process.Id}");
        await WaitForAsync(process, "draining");
        await Command.RunAsync("kill", "-INT", $"{process.Id}");

        Assert.NotEqual(0, await ExitCodeAsync(process));
    }

    /// <summary>A connection that ztunnel serves until one side ends it: a client of 15008 that says nothing.</summary>
    private static async Task<Socket> HoldAsync(Process process, IPAddress address)
    {
        Socket socket = await Requests.ConnectAsync(new IPEndPoint(address, 15008));
        using HttpClient http = new();
        long begin = TimeProvider.System.GetTimestamp();
        while (!(await http.GetStringAsync(new Uri($"http://{address}:15020/metrics"))).Contains("istio_tcp_sockets_open{reporter=\"destination\"} 1", StringComparison.Ordinal))
        {
            Assert.False(process.HasExited);
            Assert.True(TimeProvider.System.GetElapsedTime(begin) < Limit, "the connection is not counted");
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }

        return socket;
    }

    private Process Start(TemporaryDirectory directory, IPAddress address)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ztunnel.dll")]) { RedirectStandardOutput = true };
        foreach ((string name, string value) in new[]
        {
            ("PROXY_MODE", "dedicated"),
            ("PROXY_WORKLOAD_INFO", "shop/web/web"),
            ("LOCAL_XDS", "workloads: []"),
            ("XDS_ADDRESS", ""),
            ("ISTIO_META_DNS_CAPTURE", "false"),
            ("AMBIENT_LOCAL_ROOT", Path.Combine(directory.Path, "root")),
            ("CONNECTION_TERMINATION_DEADLINE", "60s"),
            ("AMBIENT_OUTBOUND_ADDRESS", $"{address}:15001"),
            ("AMBIENT_INBOUND_ADDRESS", $"{address}:15008"),
            ("AMBIENT_INBOUND_PLAINTEXT_ADDRESS", $"{address}:15006"),
            ("AMBIENT_ADMIN_ADDRESS", $"{address}:15000"),
            ("AMBIENT_STATS_ADDRESS", $"{address}:15020"),
            ("AMBIENT_READINESS_ADDRESS", $"{address}:15021"),
        })
        {
            start.Environment[name] = value;
        }

        Process process = Process.Start(start) ?? throw new InvalidOperationException("not started");
        _processes.Add(process);
        return process;
    }

    private static async Task WaitForAsync(Process process, params string[] parts)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (parts.All(part => line.Contains(part, StringComparison.Ordinal)))
            {
                return;
            }
        }

        throw new InvalidOperationException($"It ended without a line with {string.Join(" and ", parts)}.");
    }

    private static async Task<int> ExitCodeAsync(Process process)
    {
        using var limit = new CancellationTokenSource(Limit);
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode;
    }
}
