namespace Ambient.Testing.Mesh;

/// <summary>A question of the client in <see cref="DnsMesh"/> and what it gets.</summary>
/// <param name="Records">Each as <c>OWNER TYPE DATA</c>, sorted; null when the mesh does not know the name and the question is forwarded.</param>
public sealed record DnsRow(string Query, string Type, string[]? Records)
{
    public override string ToString() => $"{Query} {Type}";
}
