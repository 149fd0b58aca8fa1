namespace Ambient.Ztunnel.Telemetry;

/// <summary>Why a connection failed, in the terms of metrics and access log.</summary>
internal readonly record struct ReportedFailure(ResponseFlag Flag, string? Message, string? Hint = null);
