using System.Text.Json;
using Ambient.Cli.Output;

namespace Ambient.Cli.Dumps;

/// <summary>The workloads that a proxy knows.</summary>
internal static class WorkloadSection
{
    private static readonly string[] Columns =
        ["NAMESPACE", "POD NAME", "ADDRESS", "NODE", "WAYPOINT", "PROTOCOL", "STATUS", "SERVICE ACCOUNT", "WORKLOAD", "SERVICES", "POLICIES"];

    private const int Narrow = 6;

    public static Section Read(Dump dump, Filter filter)
    {
        IReadOnlyList<JsonElement> all = dump.Section(Dump.Workloads);
        WaypointNames waypoints = new(dump);
        JsonElement[] taken = [.. all
            .Where(workload => Takes(filter, workload))
            .OrderBy(workload => workload.Text("namespace"), StringComparer.Ordinal)
            .ThenBy(workload => workload.Text("name"), StringComparer.Ordinal)
            .ThenBy(workload => workload.Text("uid"), StringComparer.Ordinal)];
        return new Section(
            new Listing(Columns, Narrow, [.. taken.Select(workload => Row(workload, waypoints))], taken),
            Distinct(all, "namespace"),
            Distinct(all, "node"),
            Distinct(all, "name"));
    }

    public static IReadOnlyCollection<string> Distinct(IEnumerable<JsonElement> all, string key) =>
        [.. all.Select(element => element.Text(key)).Distinct(StringComparer.Ordinal)];

    private static bool Takes(Filter filter, JsonElement workload)
    {
        string home = workload.Text("namespace");
        return filter.TakesNamespace(home)
            && filter.TakesNode(workload.Text("node"))
            && filter.TakesName(home, workload.Text("name"))
            && (filter.Address is null || workload.Items("workloadIps").Any(address => address.AsText() == filter.Address));
    }

    private static string[] Row(JsonElement workload, WaypointNames waypoints) =>
    [
        workload.Text("namespace"),
        workload.Text("name"),
        string.Join(',', workload.Items("workloadIps").Select(JsonText.AsText)),
        workload.Text("node"),
        waypoints.Of(workload),
        workload.Text("protocol"),
        workload.Text("status"),
        workload.Text("serviceAccount"),
        workload.Text("workloadName"),
        string.Join(',', workload.Items("services").Select(JsonText.AsText)),
        string.Join(',', workload.Items("authorizationPolicies").Select(JsonText.AsText)),
    ];
}
