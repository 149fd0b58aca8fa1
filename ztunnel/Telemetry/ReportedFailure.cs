using Ambient.Transport.Lifetime;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>Why a connection failed, in the terms of metrics and access log. The default is an end in order.</summary>
internal readonly record struct ReportedFailure(ResponseFlag Flag, ConnectionFailure? Cause);
