namespace Ambient.Ztunnel.Telemetry;

internal static class LogTime
{
    /// <summary>RFC 3339 in UTC with microseconds.</summary>
    public const string Format = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";
}
