namespace Ambient.ControlPlane.Translation.State;

/// <summary>A host name that a Service or ServiceEntry declares.</summary>
internal sealed class HostClaim(ServiceSource source, string hostname)
{
    public ServiceSource Source { get; } = source;

    public string Hostname { get; } = hostname;

    /// <summary>Its name as a resource: namespace and host name.</summary>
    public string Key { get; } = $"{source.Home.Name}/{hostname}";

    /// <summary>Whether it is the one of its namespace that counts.</summary>
    public bool Published { get; set; }

    /// <summary>Whether it is the one that other namespaces see.</summary>
    public bool Canonical { get; set; }
}
