using System.Globalization;
using System.Text.Json;
using Ambient.Cli.Dumps;
using Ambient.Cli.Text;

namespace Ambient.Cli.ControlPlanes;

/// <summary>How far an object is: what <c>/debug/live</c> says.</summary>
/// <param name="page">The answer.</param>
/// <param name="generation">The generation that is waited for; 0: whatever there is.</param>
internal sealed class LiveState(JsonElement page, long generation)
{
    private const int MaxNamed = 10;

    private long Live => page.Number("live");

    private long Of => page.Number("of");

    private bool IsKnown => page.Child("known").ValueKind == JsonValueKind.True && (generation == 0 || page.Number("generation") >= generation);

    /// <summary>A mesh without proxies has nothing in force; one in which nobody asked for the object has nothing to wait for.</summary>
    public bool IsLive => IsKnown && page.Number("connected") > 0 && Live == Of;

    /// <summary>One line.</summary>
    public string Describe()
    {
        if (!IsKnown)
        {
            return page.Number("generation") > 0 && generation > 0
                ? string.Create(CultureInfo.InvariantCulture, $"the control plane has generation {page.Number("generation")}, not {generation} yet")
                : "the control plane does not know it yet";
        }

        if (page.Number("connected") == 0)
        {
            return "no proxy is connected to the control plane";
        }

        string count = string.Create(CultureInfo.InvariantCulture, $"live on {Live} of {Of}");
        return Of == 0 ? $"{count}: no proxy asked for it" : count;
    }

    /// <summary>A line for each proxy that lacks it.</summary>
    public IEnumerable<string> Laggards()
    {
        JsonElement[] lacking = [.. page.Items("lacking")];
        foreach (JsonElement proxy in lacking.Take(MaxNamed))
        {
            yield return Printable.Of($"  {proxy.Text("name")} on {proxy.Text("node")}: {proxy.Text("reason")}");
        }

        if (lacking.Length > MaxNamed)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"  and {lacking.Length - MaxNamed} more");
        }
    }

    /// <summary>What of the object is not honoured: it may be live everywhere and still not do what it should.</summary>
    public IEnumerable<string> Findings() =>
        page.Items("findings").Select(finding => Printable.Of($"  {finding.Text("level")} {finding.Text("code")}: {finding.Text("message")}"));
}
