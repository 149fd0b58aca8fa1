namespace Ambient.ControlPlane.Xds;

/// <summary>Who makes a call, as a verified credential says.</summary>
/// <param name="Namespace">The namespace of the caller's service account.</param>
/// <param name="ServiceAccount">The caller's service account.</param>
/// <param name="NodeName">The node that the credential is bound to; "" when it is bound to none.</param>
/// <param name="PodName">The pod that the credential is bound to; "" when it is bound to none.</param>
public sealed record CallerIdentity(string Namespace, string ServiceAccount, string NodeName, string PodName);
