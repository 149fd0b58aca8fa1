using Ambient.Kube.Resources;

namespace Ambient.ControlPlane.Translation.Services;

/// <summary>How visible the ServiceEntries of some namespaces are.</summary>
/// <param name="Namespaces">The namespaces, by their labels.</param>
public sealed record VisibilityPolicy(LabelSelector Namespaces, EntryVisibility Visibility);
