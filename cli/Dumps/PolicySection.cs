using System.Globalization;
using System.Text.Json;
using Ambient.Cli.Output;

namespace Ambient.Cli.Dumps;

/// <summary>The authorization policies that a proxy enforces.</summary>
internal static class PolicySection
{
    private static readonly string[] Columns = ["NAMESPACE", "POLICY NAME", "ACTION", "SCOPE", "RULES", "DRY RUN"];

    private const int Narrow = 4;

    public static Section Read(Dump dump, Filter filter)
    {
        IReadOnlyList<JsonElement> all = dump.Section(Dump.Policies);
        JsonElement[] taken = [.. all
            .Where(policy => filter.TakesNamespace(policy.Text("namespace")) && filter.TakesName(policy.Text("namespace"), policy.Text("name")))
            .OrderBy(policy => policy.Text("namespace"), StringComparer.Ordinal)
            .ThenBy(policy => policy.Text("name"), StringComparer.Ordinal)];
        return new Section(
            new Listing(Columns, Narrow, [.. taken.Select(Row)], taken),
            WorkloadSection.Distinct(all, "namespace"),
            [],
            WorkloadSection.Distinct(all, "name"));
    }

    private static string[] Row(JsonElement policy) =>
    [
        policy.Text("namespace"),
        policy.Text("name"),
        policy.Text("action"),
        policy.Text("scope"),
        policy.Items("rules").Count().ToString(CultureInfo.InvariantCulture),
        policy.Text("dryRun"),
    ];
}
