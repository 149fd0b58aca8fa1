namespace Ambient.Ztunnel.Telemetry;

internal readonly record struct ConnectionTotals(long ToUpstream, long ToDownstream, TimeSpan Duration);
