namespace Ambient.ControlPlane.Distribution;

/// <summary>Names one resource.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Its name on the wire (control-plane-and-cni 5.3).</param>
public readonly record struct ResourceKey(ResourceKind Kind, string Name);
