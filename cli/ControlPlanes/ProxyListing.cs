using System.Globalization;
using System.Text.Json;
using Ambient.Cli.Dumps;
using Ambient.Cli.Output;

namespace Ambient.Cli.ControlPlanes;

/// <summary>The connected proxies, those that are furthest behind first.</summary>
internal static class ProxyListing
{
    private static readonly string[] Columns =
        ["NAME", "KIND", "NODE", "VERSION", "WORKLOADS", "POLICIES", "REFUSALS", "CONNECTED", "ID", "LAST REFUSAL"];

    private const int Narrow = 8;

    /// <param name="page">The answer of <c>/debug/proxies</c>.</param>
    /// <param name="now">For how long ago they connected.</param>
    public static Listing Read(JsonElement page, DateTimeOffset now)
    {
        JsonElement[] proxies = [.. page.Items("proxies")
            .OrderByDescending(Behind)
            .ThenByDescending(Refusals)
            .ThenBy(proxy => proxy.Text("name"), StringComparer.Ordinal)
            .ThenBy(proxy => proxy.Text("id"), StringComparer.Ordinal)];
        return new Listing(Columns, Narrow, [.. proxies.Select(proxy => Row(proxy, now))], proxies);
    }

    // One that has asked for nothing has nothing.
    private static long Behind(JsonElement proxy) => proxy.Items("types").Any() ? proxy.Items("types").Max(type => type.Number("behind")) : long.MaxValue;

    private static long Refusals(JsonElement proxy) => proxy.Items("types").Sum(type => Math.Clamp(type.Number("refusals"), 0, int.MaxValue));

    private static string[] Row(JsonElement proxy, DateTimeOffset now) =>
    [
        $"{proxy.Text("name")}.{proxy.Text("namespace")}",
        proxy.Text("kind"),
        proxy.Text("node"),
        proxy.Text("version"),
        State(proxy, "address"),
        State(proxy, "authorization"),
        Refusals(proxy).ToString(CultureInfo.InvariantCulture),
        Age(proxy.Text("connectedSince"), now),
        proxy.Text("id"),
        string.Join("; ", proxy.Items("types").Select(type => type.Text("lastRefusal")).Where(reason => reason.Length > 0)),
    ];

    private static string State(JsonElement proxy, string name)
    {
        JsonElement type = proxy.Items("types").FirstOrDefault(type => type.Text("type") == name);
        if (type.ValueKind != JsonValueKind.Object)
        {
            return "NOT ASKED";
        }

        long behind = type.Number("behind");
        string onDemand = type.Text("onDemand") == "true" ? " (on demand)" : "";
        string place = type.Number("accepted").ToString(CultureInfo.InvariantCulture);
        return behind == 0 ? $"SYNCED {place}{onDemand}" : string.Create(CultureInfo.InvariantCulture, $"BEHIND {behind} at {place}{onDemand}");
    }

    private static string Age(string since, DateTimeOffset now)
    {
        if (!DateTimeOffset.TryParse(since, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset start))
        {
            return "";
        }

        TimeSpan age = now > start ? now - start : TimeSpan.Zero;
        return age switch
        {
            { TotalDays: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{age.Days}d{age.Hours}h"),
            { TotalHours: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{age.Hours}h{age.Minutes}m"),
            { TotalMinutes: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{age.Minutes}m{age.Seconds}s"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{age.Seconds}s"),
        };
    }
}
