using System.Globalization;
using System.Text.Json;
using Ambient.Ztunnel.Telemetry;

namespace Ambient.Ztunnel.Admin;

/// <summary>One failed connection as JSON, and what it can be looked up by.</summary>
internal static class FailureView
{
    public static bool IsOf(FailureEntry entry, string pod) => pod.Length == 0 || Has(PodName(entry), pod);

    public static bool Concerns(FailureEntry entry, string peer)
    {
        if (peer.Length == 0)
        {
            return true;
        }

        bool isOutbound = entry.Direction == TrafficDirection.Outbound;
        ConnectionDescription? known = entry.Description;
        WorkloadDescription? workload = isOutbound ? known?.Destination : known?.Source;
        return Has((isOutbound ? entry.Destination : entry.Source).ToString(), peer)
            || Has(Name(workload), peer)
            || Has(isOutbound ? known?.DestinationIdentity : known?.SourceIdentity, peer)
            || (isOutbound && (Has(known?.HboneAddress, peer) || Has(known?.Service?.Hostname, peer)));
    }

    public static bool HasReason(FailureEntry entry, string reason) =>
        reason.Length == 0 || entry.Failure.Reason.ToString().Equals(reason, StringComparison.OrdinalIgnoreCase);

    public static void Write(Utf8JsonWriter json, FailureEntry entry)
    {
        json.WriteStartObject();
        json.WriteNumber("number", entry.Number);
        json.WriteString("time", entry.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
        Optional(json, "pod", PodName(entry));
        json.WriteString("direction", AccessLogEntry.NameOf(entry.Direction));
        json.WriteString("phase", entry.Failure.Phase.ToString());
        json.WriteString("side", entry.Failure.Side.ToString());
        json.WriteString("reason", entry.Failure.Reason.ToString());
        json.WriteString("responseFlag", ResponseFlags.Label(entry.Flag));
        json.WriteString("error", entry.Failure.Message);
        Optional(json, "hint", entry.Failure.Hint);
        ConnectionDescription? known = entry.Description;
        WriteEnd(json, "source", entry.Source.ToString(), known?.Source, known?.SourceIdentity, null, null);
        WriteEnd(
            json,
            "destination",
            entry.Destination.ToString(),
            known?.Destination,
            known?.IsMutualTls == true ? known.DestinationIdentity : null,
            known?.HboneAddress,
            known?.Service?.Hostname);
        if (entry.Totals is { } totals)
        {
            json.WriteNumber("bytesToUpstream", totals.ToUpstream);
            json.WriteNumber("bytesToDownstream", totals.ToDownstream);
            json.WriteNumber("durationMs", (long)totals.Duration.TotalMilliseconds);
        }

        json.WriteEndObject();
    }

    private static void WriteEnd(
        Utf8JsonWriter json, string name, string address, WorkloadDescription? workload, string? identity, string? authority, string? service)
    {
        json.WriteStartObject(name);
        json.WriteString("address", address);
        Optional(json, "hbone", authority);
        Optional(json, "service", service);
        Optional(json, "workload", Name(workload));
        Optional(json, "identity", identity);
        json.WriteEndObject();
    }

    private static string? PodName(FailureEntry entry) => entry.Pod is { } pod ? $"{pod.Namespace}/{pod.Name}" : null;

    private static string? Name(WorkloadDescription? workload) => workload is null ? null : $"{workload.Namespace}/{workload.PodName ?? workload.WorkloadName}";

    private static bool Has(string? text, string part) => text?.Contains(part, StringComparison.OrdinalIgnoreCase) == true;

    private static void Optional(Utf8JsonWriter json, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            json.WriteString(name, value);
        }
    }
}
