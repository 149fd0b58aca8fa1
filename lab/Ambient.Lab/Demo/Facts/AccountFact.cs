using System.Runtime.CompilerServices;
using Ambient.Lab.Demo.Stages;
using Ambient.Lab.Observation;

namespace Ambient.Lab.Demo.Facts;

/// <summary>Both ztunnels log who talked to whom, and count what curl counts.</summary>
internal sealed class AccountFact : IDemoFact
{
    public string Title => "3 accounts";

    public async IAsyncEnumerable<FactLine> CheckAsync(IDemoStage stage, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (ZtunnelView View, string Direction, string Reporter)[] sides =
            [(stage.ClientZtunnel, "outbound", "source"), (stage.ServerZtunnel, "inbound", "destination")];
        LogFollower[] logs = [.. sides.Select(side => new LogFollower(side.View.LogPath))];
        TrafficTotals[] before = await Task.WhenAll(sides.Select(side => TrafficTotals.ReadSettledAsync(side.View, side.Reporter, _ => true, cancellationToken)));

        CurlResult result = await new Curl(stage.ClientNamespace).GetAsync(
            $"{stage.Targets[0].BaseUrl}files/{DemoNames.Blob}", cancellationToken, "-r", "0-299999", "-o", "/dev/null");

        for (int side = 0; side < sides.Length; side++)
        {
            yield return await CheckLogAsync(stage, sides[side].View, sides[side].Direction, logs[side], cancellationToken);
            yield return await CheckMetricsAsync(sides[side].View, sides[side].Reporter, before[side], result, cancellationToken);
        }
    }

    private async Task<FactLine> CheckLogAsync(IDemoStage stage, ZtunnelView view, string direction, LogFollower log, CancellationToken cancellationToken)
    {
        string client = DemoNames.SpiffeId(stage.ClientPrincipal);
        string server = DemoNames.SpiffeId(stage.ServerPrincipal);
        string? line = await log.WaitForAsync(
            candidate => candidate.Contains("connection complete", StringComparison.Ordinal) && candidate.Contains($"\"{direction}\"", StringComparison.Ordinal),
            cancellationToken);
        bool both = line is not null && line.Contains(client, StringComparison.Ordinal) && line.Contains(server, StringComparison.Ordinal);
        return FactLine.Of(both, $"{Title}: access log of {view.Name}", both ? $"{direction} {client} -> {server}" : line ?? "no line came");
    }

    private async Task<FactLine> CheckMetricsAsync(
        ZtunnelView view, string reporter, TrafficTotals before, CurlResult result, CancellationToken cancellationToken)
    {
        TrafficTotals after = await TrafficTotals.ReadSettledAsync(view, reporter, totals => totals.Closed > before.Closed, cancellationToken);
        TrafficTotals counted = after.Since(before);
        return FactLine.Of(
            result.Succeeded && counted.Closed == 1 && counted.Received == result.BytesSent && counted.Sent == result.BytesReceived,
            $"{Title}: metrics of {view.Name}",
            $"{counted.Received} bytes sent and {counted.Sent} received by the client in {counted.Closed} {(counted.Closed == 1 ? "connection" : "connections")}; curl counted {result.BytesSent} and {result.BytesReceived}");
    }
}
