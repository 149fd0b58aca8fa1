using Ambient.Ztunnel.Telemetry;

namespace Ambient.Ztunnel.Configuration;

/// <summary>Logging, the version label of the metrics (node-proxy 9.2, 9.4), and export.</summary>
/// <param name="LogFilter">What is logged.</param>
/// <param name="LogFormat">How.</param>
/// <param name="AuthorizationAtInfo">Whether decisions of policies are logged at info.</param>
/// <param name="IstioVersion">The <c>tag</c> of <c>istio_build</c>.</param>
/// <param name="Otlp">Null when no collector was named.</param>
internal sealed record TelemetryOptions(LogFilter LogFilter, LogFormat LogFormat, bool AuthorizationAtInfo, string? IstioVersion, OtlpOptions? Otlp)
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
            reader.OptionalText(SettingNames.IstioVersion),
            OtlpOptions.Read(reader));
    }
}
