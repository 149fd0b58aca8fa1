using Ambient.Mesh.Telemetry;
using Ambient.Ztunnel.Telemetry;

namespace Ambient.Ztunnel.Otlp;

/// <summary>One accounted connection as a span. What it says is known when the connection ends, so until then it holds its ids only.</summary>
internal sealed class ConnectionSpan(ConnectionTracing tracing, TraceParent context, ulong parentSpanId, DateTimeOffset started)
{
    /// <summary>Trace and span id, and the sampled flag: what the next proxy is told.</summary>
    public TraceParent Context => context;

    /// <summary>0 when this span begins its trace.</summary>
    public ulong ParentSpanId => parentSpanId;

    public DateTimeOffset Started => started;

    /// <summary>Null until the end.</summary>
    public ConnectionDescription? Description { get; private set; }

    public ConnectionTotals Totals { get; private set; }

    public ReportedFailure Failure { get; private set; }

    /// <summary>Hands the span over for export. Called once, on the connection's loop; takes no lock and waits for nobody.</summary>
    public void End(ConnectionDescription description, ConnectionTotals totals, ReportedFailure failure)
    {
        Description = description;
        Totals = totals;
        Failure = failure;
        tracing.Add(this);
    }
}
