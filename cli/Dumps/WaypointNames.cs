using System.Text.Json;

namespace Ambient.Cli.Dumps;

/// <summary>What a waypoint is called: its service, where that is known (control-plane-and-cni 9.1).</summary>
internal sealed class WaypointNames
{
    private const string None = "None";
    private const string Unknown = "NA";

    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    public WaypointNames(Dump dump)
    {
        foreach (JsonElement service in dump.Optional(Dump.Services))
        {
            string name = service.Text("name");
            _names.TryAdd($"{service.Text("namespace")}/{service.Text("hostname")}", name);
            foreach (JsonElement vip in service.Items("vips"))
            {
                _names.TryAdd(vip.AsText(), name);
            }
        }
    }

    /// <summary>The waypoint of a workload or service.</summary>
    public string Of(JsonElement element)
    {
        string destination = element.Child("waypoint").Text("destination");
        return destination.Length == 0 ? None : _names.GetValueOrDefault(destination, Unknown);
    }
}
