using System.Net;
using Ambient.Transport.Lifetime;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>The fields of <c>connection failed</c>.</summary>
internal sealed class RefusedEntry(TrafficDirection direction, IPEndPoint source, IPEndPoint destination, ConnectionFailure failure) : ILogFields
{
    public void WriteTo(LogLine line)
    {
        line.Bare("src.addr", source.ToString());
        line.Bare("dst.addr", destination.ToString());
        line.Text("direction", AccessLogEntry.NameOf(direction));
        FailureFields.WriteTo(line, failure);
    }

    public override string ToString() => "connection failed";
}
