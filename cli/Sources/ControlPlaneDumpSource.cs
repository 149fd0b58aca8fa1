namespace Ambient.Cli.Sources;

/// <summary>The mesh as a control plane gives it to every node, in the form of a dump.</summary>
/// <param name="address">Of its debug port.</param>
/// <param name="section">The one that is wanted.</param>
internal sealed class ControlPlaneDumpSource(HostPort address, string section) : IDumpSource
{
    public string Description => $"the control plane at {address}";

    public async Task<byte[]> ReadAsync(CancellationToken cancellation)
    {
        using PageReader reader = new();

        // Waypoints of workloads are named by services.
        string query = section == "workloads" ? "" : $"?kind={section}";
        return await reader.ReadAsync(address.Page($"/debug/resources{query}"), "a control plane's debug port", ControlPlanes.ControlPlaneClient.NextStep, cancellation);
    }
}
