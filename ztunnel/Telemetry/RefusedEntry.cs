using System.Net;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>The fields of <c>connection failed</c>.</summary>
internal sealed class RefusedEntry(TrafficDirection direction, IPEndPoint source, IPEndPoint destination, string error, string? hint) : ILogFields
{
    public void WriteTo(LogLine line)
    {
        line.Bare("src.addr", source.ToString());
        line.Bare("dst.addr", destination.ToString());
        line.Text("direction", AccessLogEntry.NameOf(direction));
        line.Text("error", error);
        line.OptionalText("hint", hint);
    }

    public override string ToString() => "connection failed";
}
