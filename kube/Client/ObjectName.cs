namespace Ambient.Kube.Client;

/// <summary>Which object of a kind.</summary>
/// <param name="Namespace">Empty for a kind without namespaces.</param>
/// <param name="Name">Its name.</param>
public readonly record struct ObjectName(string Namespace, string Name)
{
    public override string ToString() => Namespace.Length == 0 ? Name : $"{Namespace}/{Name}";
}
