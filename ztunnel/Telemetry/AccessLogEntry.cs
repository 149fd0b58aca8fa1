namespace Ambient.Ztunnel.Telemetry;

/// <summary>The fields of <c>connection opened</c> and <c>connection complete</c>, in the order of node-proxy 9.4; behind them our own of a failure.</summary>
internal sealed class AccessLogEntry(
    string message, ConnectionDescription connection, ConnectionTotals? totals, ReportedFailure failure) : ILogFields
{
    // Put together once: eight names a line, two lines a connection.
    private static readonly WorkloadFieldNames SourceNames = new("src");
    private static readonly WorkloadFieldNames DestinationNames = new("dst");

    public static string NameOf(TrafficDirection direction) => direction == TrafficDirection.Outbound ? "outbound" : "inbound";

    public void WriteTo(LogLine line)
    {
        line.Bare("src.addr", connection.SourceAddress.ToString());
        WriteWorkload(line, SourceNames, connection.Source, connection.SourceIdentity);
        line.Bare("dst.addr", connection.DestinationAddress.ToString());
        if (connection.HboneAddress is { } hboneAddress)
        {
            line.Bare("dst.hbone_addr", hboneAddress);
        }

        line.OptionalText("dst.service", connection.Service?.Hostname);
        WriteWorkload(line, DestinationNames, connection.Destination, connection.DestinationIdentity);
        line.Text("direction", NameOf(connection.Direction));
        if (totals is { } counted)
        {
            WriteTotals(line, counted);
        }

        if (failure.Cause is { } cause)
        {
            FailureFields.WriteTo(line, cause);
        }
    }

    public override string ToString() => message;

    private void WriteWorkload(LogLine line, in WorkloadFieldNames names, WorkloadDescription? workload, string? identity)
    {
        line.OptionalText(names.Workload, Known(workload?.PodName) ?? workload?.CanonicalName);
        line.OptionalText(names.Namespace, workload?.Namespace);
        line.OptionalText(names.Identity, connection.IsMutualTls ? identity : null);
        line.OptionalText(names.Cluster, workload?.ClusterId);
    }

    /// <summary>Sent and received as the application beside this proxy sees it.</summary>
    private void WriteTotals(LogLine line, ConnectionTotals counted)
    {
        bool isOutbound = connection.Direction == TrafficDirection.Outbound;
        line.Number("bytes_sent", isOutbound ? counted.ToUpstream : counted.ToDownstream);
        line.Number("bytes_recv", isOutbound ? counted.ToDownstream : counted.ToUpstream);
        line.Text("duration", $"{(long)counted.Duration.TotalMilliseconds}ms");
    }

    private static string? Known(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
