using System.Text.Json;
using Ambient.Cli.Output;

namespace Ambient.Cli.Dumps;

/// <summary>The services that a proxy knows, and how many of their endpoints are healthy.</summary>
internal static class ServiceSection
{
    private static readonly string[] Columns = ["NAMESPACE", "SERVICE NAME", "SERVICE VIP", "WAYPOINT", "ENDPOINTS", "HOSTNAME", "PORTS"];

    private const int Narrow = 5;

    public static Section Read(Dump dump, Filter filter)
    {
        IReadOnlyList<JsonElement> all = dump.Section(Dump.Services);
        WaypointNames waypoints = new(dump);
        JsonElement[] taken = [.. all
            .Where(service => filter.TakesNamespace(service.Text("namespace")) && TakesName(filter, service))
            .OrderBy(service => service.Text("namespace"), StringComparer.Ordinal)
            .ThenBy(service => service.Text("name"), StringComparer.Ordinal)
            .ThenBy(service => service.Text("hostname"), StringComparer.Ordinal)];
        return new Section(
            new Listing(Columns, Narrow, [.. taken.Select(service => Row(service, waypoints))], taken),
            WorkloadSection.Distinct(all, "namespace"),
            [],
            WorkloadSection.Distinct(all, "name"));
    }

    // One service of the API can have many host names.
    private static bool TakesName(Filter filter, JsonElement service)
    {
        string home = service.Text("namespace");
        return filter.TakesName(home, service.Text("name")) || filter.TakesName(home, service.Text("hostname"));
    }

    private static string[] Row(JsonElement service, WaypointNames waypoints)
    {
        JsonElement[] endpoints = [.. service.Items("endpoints")];
        int healthy = endpoints.Count(endpoint => endpoint.Text("status") is "" or "Healthy");
        return
        [
            service.Text("namespace"),
            service.Text("name"),
            string.Join(',', service.Items("vips").Concat(service.Items("cidrVips")).Select(Address)),
            waypoints.Of(service),
            $"{healthy}/{endpoints.Length}",
            service.Text("hostname"),
            string.Join(',', Ports(service.Child("ports"))),
        ];
    }

    // "network/address", or a range as an object.
    private static string Address(JsonElement vip)
    {
        string text = vip.ValueKind == JsonValueKind.Object ? vip.Text("cidr") : vip.AsText();
        return vip.ValueKind == JsonValueKind.Object ? text : text[(text.IndexOf('/') + 1)..];
    }

    private static IEnumerable<string> Ports(JsonElement ports) => ports.ValueKind == JsonValueKind.Object
        ? ports.EnumerateObject().Select(port => $"{port.Name}->{port.Value.AsText()}")
        : [];
}
