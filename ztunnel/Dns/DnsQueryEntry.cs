using Ambient.Mesh.Dns;
using Ambient.Mesh.Workloads;
using Ambient.Ztunnel.Telemetry;

namespace Ambient.Ztunnel.Dns;

/// <summary>The fields of one line per query (node-proxy 8.5).</summary>
internal sealed class DnsQueryEntry(Workload? client, DnsQuestion question, string result, int endpoints) : ILogFields
{
    private const string Unknown = "unknown";

    public void WriteTo(LogLine line)
    {
        line.Text("src.workload", client?.Name ?? Unknown);
        line.Text("src.namespace", client?.Namespace ?? Unknown);
        line.Text("query", DnsMetrics.NameOf(question.Type).ToUpperInvariant());
        line.Text("domain", question.Name.ToString());
        line.Text("result", result);
        line.Number("endpoints", endpoints);
    }

    public override string ToString() => "dns query";
}
