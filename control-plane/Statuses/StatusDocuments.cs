using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ambient.ControlPlane.Translation.Reports;
using Ambient.Kube.Resources;
using Ambient.Kube.Resources.Networking;

namespace Ambient.ControlPlane.Statuses;

/// <summary>What is sent to the API server. Pure.</summary>
public static class StatusDocuments
{
    private const string Component = "ambient-control-plane";
    private const int LongestName = 253;
    private const int HashBytes = 8;

    /// <summary>The fields of a server-side apply of conditions. Without conditions there is nothing that the manager owns any more.</summary>
    public static JsonObject Conditions(ImmutableArray<Condition> conditions)
    {
        JsonArray list = [.. conditions.Select(condition => (JsonNode)new JsonObject
        {
            ["type"] = condition.Type,
            ["status"] = condition.Status,
            ["reason"] = condition.Reason,
            ["message"] = condition.Message,
            ["observedGeneration"] = condition.ObservedGeneration,
            ["lastTransitionTime"] = Time(condition.LastTransitionTime ?? default),
        })];
        return new JsonObject { ["status"] = list.Count == 0 ? [] : new JsonObject { ["conditions"] = list } };
    }

    /// <summary>The operations (RFC 6902) that set the addresses of a ServiceEntry, if it is still as it was read.</summary>
    /// <param name="read">The ServiceEntry.</param>
    /// <param name="addresses">All that it should have.</param>
    public static JsonArray Addresses(UntypedObject read, ImmutableArray<ServiceEntryAddress> addresses)
    {
        JsonArray list = [.. addresses.Select(address => (JsonNode)new JsonObject { ["value"] = address.Value, ["host"] = address.Host })];
        bool hasStatus = read.Other?.TryGetValue("status", out JsonElement status) == true && status.ValueKind == JsonValueKind.Object;
        return
        [
            new JsonObject { ["op"] = "test", ["path"] = "/metadata/resourceVersion", ["value"] = read.Metadata.ResourceVersion },
            hasStatus
                ? new JsonObject { ["op"] = "add", ["path"] = "/status/addresses", ["value"] = list }
                : new JsonObject { ["op"] = "add", ["path"] = "/status", ["value"] = new JsonObject { ["addresses"] = list } },
        ];
    }

    /// <summary>A core/v1 Event. Its name follows from what it says, so that whoever leads next does not say it again.</summary>
    /// <param name="note">What it says.</param>
    /// <param name="about">The object, as it was read.</param>
    /// <param name="now">The time of the event.</param>
    public static UntypedObject Event(ObjectEvent note, UntypedObject about, DateTimeOffset now)
    {
        ResourceType<UntypedObject> type = StatusTypes.Of(note.Object.Kind);
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{about.Metadata.Uid}\n{note.Reason}\n{note.Message}"));
        string suffix = "." + Convert.ToHexStringLower(hash.AsSpan(0, HashBytes));
        string name = note.Object.Name[..Math.Min(note.Object.Name.Length, LongestName - suffix.Length)] + suffix;
        JsonObject body = new()
        {
            ["involvedObject"] = new JsonObject
            {
                ["apiVersion"] = type.ApiVersion,
                ["kind"] = type.Kind,
                ["namespace"] = note.Object.Namespace,
                ["name"] = note.Object.Name,
                ["uid"] = about.Metadata.Uid,
            },
            ["reason"] = note.Reason,
            ["message"] = note.Message,
            ["type"] = "Warning",
            ["source"] = new JsonObject { ["component"] = Component },
            ["reportingComponent"] = Component,
            ["firstTimestamp"] = Time(now),
            ["lastTimestamp"] = Time(now),
            ["count"] = 1,
        };
        return new UntypedObject
        {
            Metadata = new ObjectMeta { Name = name, Namespace = note.Object.Namespace.Length == 0 ? "default" : note.Object.Namespace },
            Other = Elements(body),
        };
    }

    private static Dictionary<string, JsonElement> Elements(JsonObject body)
    {
        using JsonDocument document = JsonDocument.Parse(body.ToJsonString());
        return document.RootElement.EnumerateObject().ToDictionary(field => field.Name, field => field.Value.Clone(), StringComparer.Ordinal);
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
