namespace Ambient.ControlPlane.Xds;

/// <summary>A connected proxy, and what it takes.</summary>
/// <param name="Report">Who it is and how far.</param>
/// <param name="Takes">Whether it takes a resource of a type by its name: everything, or what it asked for.</param>
public sealed record ConnectedProxy(ProxyReport Report, Func<string, string, bool> Takes);
