namespace Ambient.ControlPlane.Translation.Waypoints;

/// <summary>Names a Gateway.</summary>
internal readonly record struct GatewayName(string Namespace, string Name)
{
    public override string ToString() => $"{Namespace}/{Name}";
}
