namespace Ambient.Mesh.Policies;

/// <summary>Matches namespace and service account; the trust domain does not matter.</summary>
public readonly record struct ServiceAccountMatch(string Namespace, string ServiceAccount);
