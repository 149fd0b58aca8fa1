using System.Net;
using System.Net.Sockets;
using Ambient.Lab.Observation;
using Ambient.Lab.Plans;
using Ambient.Lab.Programs;
using Ambient.Lab.Specs;
using Ambient.Lab.Workloads;

namespace Ambient.Lab.Upgrades;

/// <summary>
/// The traffic of a ready-made lab while a ztunnel is replaced, from the pod curl to the services echo and web: connections that end within the drain
/// time, some that do not, a download, and new short ones. Both nodes' ztunnels carry all of it.
/// </summary>
internal sealed class UpgradeTraffic : IAsyncDisposable
{
    private const int LongCount = 8;
    private const int OverlongCount = 2;

    /// <summary>What each long connection still carries once the drain has begun.</summary>
    private const long BytesWithinDrain = 128 * 1024;

    private const string CutLine = "connection closed due to connection drain";

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly List<SteadyConnection> _long = [];
    private readonly List<SteadyConnection> _overlong = [];
    private readonly ShortConnections _short;
    private readonly Task _shortRunning;
    private readonly SpanningDownload _download;

    private UpgradeTraffic(ShortConnections newConnections, SpanningDownload download, CancellationToken cancellationToken)
    {
        _short = newConnections;
        _shortRunning = newConnections.RunAsync(cancellationToken);
        _download = download;
    }

    /// <summary>Completes once bytes pass on every connection.</summary>
    /// <exception cref="LabException">They do not: the mesh does not work even before the upgrade.</exception>
    public static async Task<UpgradeTraffic> StartAsync(RunningLab lab, CancellationToken cancellationToken)
    {
        RequiredPrograms.Check(["curl"]);
        string client = lab.Plan.Pod(DefaultLab.Curl).NamespacePath;
        IPEndPoint[] servers =
        [
            new(AddressOf(lab.Plan, DefaultLab.Echo, ipv6: false), DefaultLab.EchoPort),
            new(AddressOf(lab.Plan, DefaultLab.Echo, ipv6: true), DefaultLab.EchoPort),
        ];
        SpanningDownload download = await SpanningDownload.StartAsync(
            new Curl(client),
            Path.Combine(lab.Directory.PodDirectory(DefaultLab.Web), NginxWorkload.FilesDirectory),
            $"http://{AddressOf(lab.Plan, DefaultLab.Web, ipv6: false)}:{DefaultLab.ServicePort}/{NginxWorkload.FilesDirectory}/",
            cancellationToken);
        var traffic = new UpgradeTraffic(new ShortConnections(client, servers), download, cancellationToken);
        try
        {
            await traffic.OpenAsync(client, servers, cancellationToken);
            return traffic;
        }
        catch (SocketException failure)
        {
            await traffic.DisposeAsync();
            throw new LabException($"Pod {DefaultLab.Curl} cannot connect to {DefaultLab.Echo}: {failure.Message}", "Look at: ambientctl lab status");
        }
        catch
        {
            await traffic.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets what shall end within the drain time do so.</summary>
    /// <returns>How many long connections were kept, and the bytes and the error of the download.</returns>
    public async Task<(int Kept, long DownloadBytes, string DownloadError)> FinishWithinDrainAsync(CancellationToken cancellationToken)
    {
        Task<(long Bytes, string Error)> downloading = _download.FinishAsync();
        bool[] kept = await Task.WhenAll(_long.Select(async connection =>
        {
            await FlowAsync(connection, connection.Bytes + BytesWithinDrain, cancellationToken);
            return await connection.FinishAsync();
        }));
        (long bytes, string error) = await downloading;
        return (kept.Count(whole => whole), bytes, error);
    }

    /// <summary>Waits for the cut of what outlived the drain, and tells all that was seen.</summary>
    /// <param name="node">Whose ztunnel was replaced.</param>
    /// <param name="finished">From <see cref="FinishWithinDrainAsync"/>.</param>
    /// <param name="asked">Timestamp of the request to end.</param>
    /// <param name="log">Of the node's ztunnels, since before the upgrade.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<UpgradeResult> EndAsync(
        string node, (int Kept, long DownloadBytes, string DownloadError) finished, long asked, LogFollower log, CancellationToken cancellationToken)
    {
        bool[] cut = await Task.WhenAll(_overlong.Select(connection => connection.IsCutAsync(Patience)));
        _short.Stop();
        await _shortRunning;
        string[] lines = await log.ReadAsync(cancellationToken);
        return new UpgradeResult(
            node,
            _long.Count,
            finished.Kept,
            _long.Sum(connection => connection.Bytes),
            finished.DownloadBytes,
            finished.DownloadError,
            _short.Made,
            _short.Answered,
            _short.FirstError,
            _overlong.Count,
            cut.Count(ended => ended),
            lines.Count(line => line.Contains(CutLine, StringComparison.Ordinal)),
            TimeProvider.System.GetElapsedTime(asked, _overlong.Min(connection => connection.Ended)));
    }

    /// <summary>Ends all of it; the new connections after the one that they are at.</summary>
    public async ValueTask DisposeAsync()
    {
        _short.Stop();
        foreach (SteadyConnection connection in _long.Concat(_overlong))
        {
            connection.Dispose();
        }

        _download.Dispose();
        try
        {
            await _shortRunning;
        }
        catch (OperationCanceledException)
        {
            // Ended by whoever cancelled all of the upgrade.
        }
    }

    private static IPAddress AddressOf(LabPlan plan, string service, bool ipv6) =>
        plan.ServiceAddress(plan.Spec.Services.First(candidate => candidate.Name == service), ipv6);

    private async Task OpenAsync(string client, IPEndPoint[] servers, CancellationToken cancellationToken)
    {
        for (int index = 0; index < LongCount + OverlongCount; index++)
        {
            SteadyConnection opened = await SteadyConnection.OpenAsync(client, servers[index % servers.Length], seed: index, cancellationToken);
            (index < LongCount ? _long : _overlong).Add(opened);
        }

        await Task.WhenAll(_long.Concat(_overlong).Select(connection => FlowAsync(connection, 1, cancellationToken)));
        await _download.WaitUntilFlowingAsync().WaitAsync(Patience, cancellationToken);
    }

    /// <summary>Waits until so many bytes have come back, or the connection has ended.</summary>
    private static async Task FlowAsync(SteadyConnection connection, long bytes, CancellationToken cancellationToken)
    {
        long begin = TimeProvider.System.GetTimestamp();
        while (connection.Bytes < bytes && connection.Ended == 0)
        {
            if (TimeProvider.System.GetElapsedTime(begin) > Patience)
            {
                throw new LabException($"A connection carried nothing for {Patience.TotalSeconds:0} s.", "Look at the logs of both ztunnels.");
            }

            await Task.Delay(PollInterval, cancellationToken);
        }
    }
}
