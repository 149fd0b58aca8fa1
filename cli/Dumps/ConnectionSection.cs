using System.Text.Json;
using Ambient.Cli.Output;

namespace Ambient.Cli.Dumps;

/// <summary>The live connections of the pods of a node.</summary>
internal static class ConnectionSection
{
    private const string Inbound = "Inbound";
    private const string Outbound = "Outbound";

    private static readonly string[] Columns = ["WORKLOAD", "DIRECTION", "LOCAL", "REMOTE", "REMOTE TARGET", "PROTOCOL"];

    /// <param name="dump">What to list.</param>
    /// <param name="filter">What of it.</param>
    /// <param name="raw">Addresses as they are.</param>
    public static Section Read(Dump dump, Filter filter, bool raw)
    {
        JsonElement[] pods = [.. dump.Section(Dump.WorkloadState)];
        AddressNames? names = raw ? null : new AddressNames(dump);
        (string[] Cells, JsonElement Item)[] taken = [.. pods
            .Where(pod => filter.TakesNamespace(Info(pod, "namespace")) && filter.TakesName(Info(pod, "namespace"), Info(pod, "name")))
            .SelectMany(pod => Connections(pod, filter.Direction))
            .OrderBy(connection => connection.Workload, StringComparer.Ordinal)
            .ThenBy(connection => connection.Direction, StringComparer.Ordinal)
            .ThenBy(connection => connection.Value.Text("actualDst"), StringComparer.Ordinal)
            .ThenBy(connection => connection.Value.Text("src"), StringComparer.Ordinal)
            .Select(connection => (Row(connection, names), Item(connection)))];
        return new Section(
            new Listing(Columns, Columns.Length, [.. taken.Select(pair => pair.Cells)], [.. taken.Select(pair => pair.Item)]),
            [.. pods.Select(pod => Info(pod, "namespace")).Distinct()],
            [],
            [.. pods.Select(pod => Info(pod, "name")).Distinct()]);
    }

    private static string Info(JsonElement pod, string key) => pod.Child("info").Text(key);

    private static IEnumerable<(string Workload, string Direction, JsonElement Value)> Connections(JsonElement pod, string? direction)
    {
        string workload = $"{Info(pod, "name")}.{Info(pod, "namespace")}";
        JsonElement connections = pod.Child("connections");
        return connections.Items("inbound").Select(value => (workload, Inbound, value))
            .Concat(connections.Items("outbound").Select(value => (workload, Outbound, value)))
            .Where(connection => direction is null || connection.Item2.Equals(direction, StringComparison.OrdinalIgnoreCase));
    }

    // Seen from the pod: what is its own, and what is at the other end.
    private static string[] Row((string Workload, string Direction, JsonElement Value) connection, AddressNames? names)
    {
        string source = Name(connection.Value.Text("src"), names);
        string destination = Name(connection.Value.Text("actualDst"), names);
        bool inbound = connection.Direction == Inbound;
        return
        [
            connection.Workload,
            connection.Direction,
            inbound ? destination : source,
            inbound ? source : destination,
            Name(connection.Value.Text("originalDst"), names),
            connection.Value.Text("protocol"),
        ];
    }

    private static string Name(string endPoint, AddressNames? names) => names?.Of(endPoint) ?? endPoint;

    private static JsonElement Item((string Workload, string Direction, JsonElement Value) connection) => ListingWriter.Item(json =>
    {
        json.WriteStartObject();
        json.WriteString("workload", connection.Workload);
        json.WriteString("direction", connection.Direction);
        foreach (string key in new[] { "src", "originalDst", "actualDst", "protocol" })
        {
            json.WriteString(key, connection.Value.Text(key));
        }

        json.WriteEndObject();
    });
}
