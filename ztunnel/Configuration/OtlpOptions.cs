using System.Globalization;
using Ambient.Ztunnel.Otlp;

namespace Ambient.Ztunnel.Configuration;

/// <summary>Export to an OpenTelemetry collector, by the variables that OpenTelemetry names for it.</summary>
/// <param name="Endpoint">The collector; paths are added to it.</param>
/// <param name="Protocol">How it is spoken to.</param>
/// <param name="Headers">Sent with every export. May hold secrets: never shown.</param>
/// <param name="ServiceName">The resource's <c>service.name</c>.</param>
/// <param name="Sampler">Which connections become spans.</param>
/// <param name="MetricInterval">Between two exports of all metrics.</param>
internal sealed record OtlpOptions(
    Uri Endpoint,
    OtlpProtocol Protocol,
    IReadOnlyList<KeyValuePair<string, string>> Headers,
    string ServiceName,
    TraceSampler Sampler,
    TimeSpan MetricInterval)
{
    private const int MaxHeaders = 32;
    private const int ShortestIntervalMs = 100;
    private const int LongestIntervalMs = 86_400_000;

    /// <summary>Null when no collector is named; the other settings are then not looked at.</summary>
    public static OtlpOptions? Read(SettingReader reader)
    {
        if (reader.OptionalText(SettingNames.OtlpEndpoint) is not { } text)
        {
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? endpoint) || endpoint.Scheme is not ("http" or "https") || endpoint.UserInfo.Length > 0)
        {
            reader.RefuseWithoutValue(SettingNames.OtlpEndpoint, "use a URL such as http://collector:4318; credentials belong into OTEL_EXPORTER_OTLP_HEADERS");
            return null;
        }

        return new OtlpOptions(
            endpoint,
            reader.Choice(SettingNames.OtlpProtocol, OtlpProtocol.Http, ("http/protobuf", OtlpProtocol.Http), ("grpc", OtlpProtocol.Grpc)),
            ReadHeaders(reader),
            reader.OptionalText(SettingNames.OtelServiceName) ?? "ztunnel",
            ReadSampler(reader),
            TimeSpan.FromMilliseconds(
                reader.Integer(SettingNames.MetricExportInterval, 60_000, ShortestIntervalMs, LongestIntervalMs)));
    }

    /// <summary>Without the headers.</summary>
    public override string ToString() =>
        $"{Endpoint} ({(Protocol == OtlpProtocol.Grpc ? "grpc" : "http/protobuf")}, {Headers.Count} headers), spans {Sampler}, "
        + $"metrics every {DurationText.Format(MetricInterval)}";

    private static TraceSampler ReadSampler(SettingReader reader)
    {
        double share = 1;
        if (reader.OptionalText(SettingNames.TracesSamplerArgument) is { } argument
            && !(double.TryParse(argument, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out share) && share is >= 0 and <= 1))
        {
            reader.Refuse(SettingNames.TracesSamplerArgument, "use a number from 0 to 1");
        }

        if (TraceSampler.TryParse(reader.Text(SettingNames.TracesSampler, TraceSampler.DefaultText), share, out TraceSampler? sampler))
        {
            return sampler;
        }

        reader.Refuse(SettingNames.TracesSampler, $"use {TraceSampler.AcceptedText}");
        return new TraceSampler(isParentBased: true, 1);
    }

    /// <summary>Key and value pairs as OTEL_EXPORTER_OTLP_HEADERS writes them: a comma list, percent-encoded values.</summary>
    private static List<KeyValuePair<string, string>> ReadHeaders(SettingReader reader)
    {
        List<KeyValuePair<string, string>> headers = [];
        foreach (string pair in reader.Text(SettingNames.OtlpHeaders, "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            string name = equals > 0 ? pair[..equals].Trim().ToLowerInvariant() : "";
            string value = equals > 0 ? Uri.UnescapeDataString(pair[(equals + 1)..].Trim()) : "";
            if (name.Length == 0 || !name.All(IsNameCharacter) || !value.All(character => character is >= ' ' and <= '~') || headers.Count == MaxHeaders)
            {
                reader.RefuseWithoutValue(SettingNames.OtlpHeaders, $"use NAME=VALUE,NAME=VALUE in printable ASCII, at most {MaxHeaders}");
                return [];
            }

            headers.Add(new KeyValuePair<string, string>(name, value));
        }

        return headers;
    }

    private static bool IsNameCharacter(char character) =>
        char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character is '-' or '_' or '.';
}
