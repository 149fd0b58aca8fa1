using Ambient.Mesh.Dns;
using Ambient.Mesh.Workloads;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Dns;

/// <summary>Counts and logs queries.</summary>
internal sealed class DnsReports(DnsMetrics metrics, ILogger logger, TimeProvider time)
{
    private static readonly EventId QueryEvent = new(1, "DnsQuery");

    public long Now => time.GetTimestamp();

    public void Asked(Workload? client, DnsQuestion question, DnsProtocol protocol) =>
        metrics.SeriesOf(question.Type, protocol, client).CountRequest();

    public void Forwarded(Workload client, DnsQuestion question, DnsProtocol protocol, long since, UpstreamReply reply)
    {
        metrics.SeriesOf(question.Type, protocol, client).CountUpstream(!reply.HasMessage, time.GetElapsedTime(since));
        Answered(client, question, reply.HasMessage ? "forwarded" : $"forwarding failed ({reply.Error})", reply.Message?.Answers.Length ?? 0);
    }

    public void Failed(Exception bug) => DnsLog.Bug(logger, bug);

    public void Answered(Workload? client, DnsQuestion question, string result, int endpoints)
    {
        if (logger.IsEnabled(LogLevel.Debug))
        {
            DnsQueryEntry entry = new(client, question, result, endpoints);
            logger.Log(LogLevel.Debug, QueryEvent, entry, null, static (entry, _) => entry.ToString());
        }
    }
}
