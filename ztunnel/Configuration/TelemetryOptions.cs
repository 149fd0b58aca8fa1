using Ambient.Ztunnel.Telemetry;

namespace Ambient.Ztunnel.Configuration;

/// <summary>Logging and the version label of the metrics (node-proxy 9.2, 9.4).</summary>
internal sealed record TelemetryOptions(LogFilter LogFilter, LogFormat LogFormat, bool AuthorizationAtInfo, string? IstioVersion)
{
    public static TelemetryOptions Read(SettingReader reader)
    {
        if (!LogFilter.TryParse(reader.Text(SettingNames.RustLog, "info"), out LogFilter? filter, out string? error))
        {
            reader.Refuse(SettingNames.RustLog, error);
        }

        return new TelemetryOptions(
            filter ?? LogFilter.Default,
            reader.Choice(SettingNames.LogFormat, LogFormat.Plain, ("plain", LogFormat.Plain), ("json", LogFormat.Json)),
            reader.Boolean(SettingNames.AuthzPolicyInfoLogging, false),
            reader.OptionalText(SettingNames.IstioVersion));
    }
}
