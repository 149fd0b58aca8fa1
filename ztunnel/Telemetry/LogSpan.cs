namespace Ambient.Ztunnel.Telemetry;

/// <summary>What a line happened within, such as <c>inbound{id=… peer=…}</c> (node-proxy 9.4). Made when a line is written, or once for something long-lived.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Parent">What it is within itself; printed before it.</param>
/// <param name="Fields">In the order in which they are printed.</param>
internal sealed record LogSpan(string Name, LogSpan? Parent, params LogSpanField[] Fields)
{
    public static LogSpan Of(string name, params LogSpanField[] fields) => new(name, null, fields);
}
