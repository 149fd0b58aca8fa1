namespace Ambient.Ztunnel.Telemetry;

internal readonly record struct TcpSample(long Opened, long Closed, long Failed, long ReceivedBytes, long SentBytes);
