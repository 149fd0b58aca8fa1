namespace Ambient.ControlPlane.Admin;

/// <summary>How far a proxy must be to have all that an object led to.</summary>
/// <param name="Generation">The generation of the object that was translated; 0 where its kind has none.</param>
/// <param name="Addresses">The place among the workloads and services; 0: it changed none.</param>
/// <param name="Authorizations">The place among the policies; 0: it changed none.</param>
public sealed record AppliedObject(long Generation, long Addresses, long Authorizations);
