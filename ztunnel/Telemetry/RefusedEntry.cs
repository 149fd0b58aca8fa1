using System.Net;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>The fields of <c>connection failed</c>.</summary>
internal sealed class RefusedEntry(TrafficDirection direction, IPEndPoint source, IPEndPoint destination, string error) : ILogFields
{
    public void WriteTo(LogLine line)
    {
        line.Bare("src.addr", source.ToString());
        line.Bare("dst.addr", destination.ToString());
        line.Text("direction", AccessLogEntry.NameOf(direction));
        line.Text("error", error);
    }

    public override string ToString() => "connection failed";
}
